using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Hosting;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Hosting;

public sealed class ConnectionLimitsTests
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_has_so_many_silent_connections_and_those_that_spoke_do_not_count()
    {
        await using var app = new NexLlmApp { Settings = { ["Server:SilentConnectionsPerAddress"] = "3", ["Server:ConnectionsPerAddress"] = "5" } };
        using var spoken = await ConnectAsync(app);
        Assert.Equal("HTTP/1.1 200 OK", await AskAsync(spoken));
        using var first = await ConnectAsync(app);
        using var second = await ConnectAsync(app);
        using var third = await ConnectAsync(app);
        Assert.True(await IsRefusedAsync(app));

        Assert.Equal("HTTP/1.1 200 OK", await AskAsync(first));
        using var fifth = await ConnectAsync(app);
        Assert.Equal("HTTP/1.1 200 OK", await AskAsync(fifth));
        Assert.True(await IsRefusedAsync(app));
    }

    [Fact]
    public async Task A_known_proxy_is_not_limited()
    {
        await using var app = new NexLlmApp { Settings = { ["Server:SilentConnectionsPerAddress"] = "1", ["Proxies:Known:0"] = "127.0.0.1" } };
        using var first = await ConnectAsync(app);
        using var second = await ConnectAsync(app);

        Assert.Equal("HTTP/1.1 200 OK", await AskAsync(second));
    }

    [Fact]
    public async Task Headers_and_the_request_line_have_limits()
    {
        await using var app = new NexLlmApp { Settings = { ["Server:MaxHeaderBytes"] = "4096", ["Server:MaxRequestLineBytes"] = "1024" } };
        using var line = await ConnectAsync(app);
        using var header = await ConnectAsync(app);

        Assert.Equal("HTTP/1.1 414 URI Too Long", await AskAsync(line, $"/healthz?{new string('x', 2_000)}"));
        Assert.Equal("HTTP/1.1 431 Request Header Fields Too Large", await AskAsync(header, headers: $"X: {new string('x', 5_000)}\r\n"));
    }

    [Theory]
    [InlineData("32768", ConnectionLimits.UnreadBytes)]
    [InlineData("1048576", 1_048_576)]
    public async Task A_connection_may_send_little_ahead_and_always_its_headers(string headers, long expected)
    {
        await using var app = new NexLlmApp { Settings = { ["Server:MaxHeaderBytes"] = headers } };
        using var client = await ConnectAsync(app);

        Assert.Equal("HTTP/1.1 200 OK", await AskAsync(client));
        Assert.Equal(expected, app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxRequestBufferSize);
    }

    private static async Task<TcpClient> ConnectAsync(NexLlmApp app)
    {
        var client = new TcpClient();
        await client.ConnectAsync(app.Address.Host, app.Address.Port, _cancellation);
        return client;
    }

    /// <summary>Whether a new connection is closed without an answer, which may happen before the client knows that it is connected.</summary>
    private static async Task<bool> IsRefusedAsync(NexLlmApp app)
    {
        try
        {
            using var client = await ConnectAsync(app);
            return await AskAsync(client) is null;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            return true;
        }
    }

    /// <summary>The status line; null if the connection is closed without one.</summary>
    private static async Task<string?> AskAsync(TcpClient client, string path = "/healthz", string headers = "")
    {
        try
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"), _cancellation);
            var buffer = new byte[4_096];
            var read = await client.GetStream().ReadAsync(buffer, _cancellation);
            return read == 0 ? null : Encoding.ASCII.GetString(buffer, 0, read).Split("\r\n")[0];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
