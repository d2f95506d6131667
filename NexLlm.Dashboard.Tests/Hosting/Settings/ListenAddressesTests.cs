using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using NexLlm.Dashboard.Hosting.Settings;

namespace NexLlm.Dashboard.Tests.Hosting.Settings;

public sealed class ListenAddressesTests
{
    [Theory]
    [InlineData("http://[::]:8080", "http://localhost:8080")]
    [InlineData("https://0.0.0.0:443", "https://localhost:443")]
    [InlineData("http://127.0.0.1:5080/", "http://127.0.0.1:5080")]
    [InlineData("http://localhost:5080", "http://localhost:5080")]
    public void What_is_printed_can_be_opened_in_a_browser(string listening, string openable)
    {
        using var server = new ServerAt(listening);

        Assert.Equal([openable], server.Openable());
    }

    private sealed class ServerAt : IServer
    {
        public ServerAt(string address)
        {
            var listening = new Listening();
            listening.Addresses.Add(address);
            Features.Set<IServerAddressesFeature>(listening);
        }

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }

    private sealed class Listening : IServerAddressesFeature
    {
        public ICollection<string> Addresses { get; } = [];

        public bool PreferHostingUrls { get; set; }
    }
}
