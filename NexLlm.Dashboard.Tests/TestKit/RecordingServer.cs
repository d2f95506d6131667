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

/// <summary>A request as a server got it, to the last header.</summary>
public sealed record RecordedRequest(string Method, string Target, string Protocol, string Connection, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>Whatever the program calls, on a real socket: records what it gets and answers as it is told.</summary>
public sealed class RecordingServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private readonly IHost _host;

    private RecordingServer() => _host = new HostBuilder()
        .ConfigureWebHost(web => web
            .UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            })
            .Configure(app => app.Run(HandleAsync)))
        .Build();

    /// <summary>What is done once a request is recorded.</summary>
    public RequestDelegate Answer { get; set; } = context => context.Response.WriteAsync("{}");

    public IReadOnlyCollection<RecordedRequest> Requests => _requests;

    public string Address { get; private set; } = "";

    public static async Task<RecordingServer> StartAsync()
    {
        var started = new RecordingServer();
        await started._host.StartAsync();
        var server = started._host.Services.GetRequiredService<IServer>();
        started.Address = server.Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return started;
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
        _requests.Enqueue(new RecordedRequest(
            request.Method, request.Path + request.QueryString, request.Protocol, context.Connection.Id,
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString()), body.ToArray()));
        await Answer(context);
    }
}
