using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Admission;
using NexLlm.Dashboard.Gateway.Authentication;
using NexLlm.Dashboard.Gateway.Buffers;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;
using Yarp.ReverseProxy.Forwarder;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>What a request costs in memory, which does not depend on how busy the machine is.</summary>
[Collection(Undisturbed.Name)]
public sealed class CostTests
{
    private const int Requests = 2_000;

    [Fact]
    public async Task All_policy_together_allocates_nothing()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with
        {
            TokenLimit = 1_000_000,
            Models = ModelRestriction.Only([GatewayApp.Model, "nexllm-echo"]),
            Ips = IpAllowlist.TryParse("127.0.0.0/8, 2001:db8::/32", out var ips, out _) ? ips : throw new InvalidOperationException(),
            Expiration = new(app.Clock.GetUtcNow().AddDays(1)),
        });
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = System.Net.IPAddress.Loopback } };
        http.Request.Headers.Authorization = $"Bearer {caller.Secret}";
        using var call = new GatewayRequest(http, UpstreamApi.ChatCompletions, number: 0, startedAt: 0) { Body = new PooledBuffer() };
        var body = Encoding.UTF8.GetBytes(Body);
        body.CopyTo(call.Body.GetSpan(body.Length));
        call.Body.Advance(body.Length);
        var callers = app.Services.GetRequiredService<CallerCheck>();
        var admission = app.Services.GetRequiredService<AdmissionCheck>();
        Rejection? refusal = await callers.CheckAsync(call);
        Run(callers, admission, call, ref refusal);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(callers, admission, call, ref refusal);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Null(refusal);
    }

    [SqliteOnly("The server of the tests doesn't wait for a disk, so each request has a commit of its own.")]
    [Fact]
    public async Task A_request_allocates_at_most_a_kilobyte_more_than_through_a_proxy_that_checks_nothing()
    {
        // On the disk, as people have it: in memory a commit is so quick that each request has one of its own.
        using var folder = TemporaryFolder.OfDisk();
        await using var app = await GatewayApp.StartAsync(folder);
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 100_000_000 });
        await using var bare = await BareProxyAsync(new Uri(app.Upstream.BaseUrl).GetLeftPart(UriPartial.Authority));
        var request = Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {caller.Secret}\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");
        using var toGateway = await ConnectionAsync(app.Address);
        using var toBare = await ConnectionAsync(new Uri(bare.Urls.Single()));
        var rounds = new List<(long More, long Gateway, long Bare)>();
        // The first two warm both up; of the others, what is in the middle is not what something else disturbed.
        for (var round = 0; round < 7; round++)
        {
            var (gateway, proxy) = (await AllocatedAsync(toGateway, request), await AllocatedAsync(toBare, request));
            rounds.Add((gateway - proxy, gateway, proxy));
            app.Upstream.Received.Clear();
        }

        var middle = rounds.Skip(2).Order().ElementAt(2);
        Assert.True(middle.More <= 1_024, $"{middle.Gateway} bytes a request against {middle.Bare}");
        TestContext.Current.SendDiagnosticMessage(
            $"Allocated a request, client and upstream included: gateway {middle.Gateway}, bare proxy {middle.Bare} bytes");
    }

    private static string Body { get; } = Caller.ChatBody(text: new string('a', 1_400), more: ",\"temperature\":0.5,\"max_tokens\":100");

    private static void Run(CallerCheck callers, AdmissionCheck admission, GatewayRequest call, ref Rejection? refusal)
    {
        for (var i = 0; i < Requests; i++)
        {
            var checking = callers.CheckAsync(call);
            refusal ??= checking.IsCompletedSuccessfully ? checking.Result : Rejection.Unforeseen;
            refusal ??= admission.CheckAccess(call.Read, out _);
        }
    }

    private static async Task<long> AllocatedAsync(Socket connection, byte[] request)
    {
        var buffer = new byte[16_384];
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Requests; i++)
        {
            await connection.SendAsync(request);
            var length = 0;
            do
            {
                var read = await connection.ReceiveAsync(buffer.AsMemory(length));
                Assert.NotEqual(0, read);
                length += read;
            }
            while (!IsComplete(buffer.AsSpan(0, length)));
            Assert.True(buffer.AsSpan().StartsWith("HTTP/1.1 200"u8));
        }

        return (GC.GetTotalAllocatedBytes(precise: true) - before) / Requests;
    }

    /// <summary>Both answer with a JSON object, announced by its length or in chunks.</summary>
    private static bool IsComplete(ReadOnlySpan<byte> answer) => answer.EndsWith("}"u8) || answer.EndsWith("\r\n0\r\n\r\n"u8);

    private static async Task<Socket> ConnectionAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        return socket;
    }

    private static async Task<WebApplication> BareProxyAsync(string destination)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        var proxy = builder.Build();
        var forwarder = proxy.Services.GetRequiredService<IHttpForwarder>();
        var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
        proxy.Lifetime.ApplicationStopped.Register(client.Dispose);
        proxy.Run(async http => await forwarder.SendAsync(http, destination, client));
        await proxy.StartAsync();
        return proxy;
    }
}
