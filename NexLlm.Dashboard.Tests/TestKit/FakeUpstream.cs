using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>A request as an upstream got it.</summary>
public sealed record UpstreamRequest(string Method, string Target, string Protocol, string Connection, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>A provider on a real socket that notes what it gets and answers as it is told.</summary>
public sealed class FakeUpstream : IAsyncDisposable
{
    private readonly ConcurrentQueue<UpstreamRequest> _requests = new();
    private readonly IHost _host;

    private FakeUpstream() => _host = new HostBuilder()
        .ConfigureWebHost(web => web
            .UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            })
            .Configure(app => app.Run(HandleAsync)))
        .Build();

    /// <summary>What is done once a request is noted.</summary>
    public RequestDelegate Answer { get; set; } = context => context.Response.WriteAsync("{}");

    public IReadOnlyCollection<UpstreamRequest> Requests => _requests;

    /// <summary>Up to and including <c>/v1</c>.</summary>
    public string BaseUrl { get; private set; } = "";

    public static async Task<FakeUpstream> StartAsync()
    {
        var upstream = new FakeUpstream();
        await upstream._host.StartAsync();
        var server = upstream._host.Services.GetRequiredService<IServer>();
        upstream.BaseUrl = server.Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1";
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        // What a test left running is not waited for.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _host.StopAsync(now.Token);
        _host.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = context.Request;
        _requests.Enqueue(new UpstreamRequest(
            request.Method, request.Path + request.QueryString, request.Protocol, context.Connection.Id,
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString()), body.ToArray()));
        await Answer(context);
    }
}
