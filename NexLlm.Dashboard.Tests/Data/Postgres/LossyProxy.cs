using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NexLlm.Dashboard.Tests.Data.Postgres;

/// <summary>Stands before a server, passes everything on, and closes connections whose answer it is to lose once that answer has come.</summary>
internal sealed class LossyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private readonly Task _accepting;

    public LossyProxy(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Part of the request whose answer is lost.</summary>
    public string? LosesAnswersTo { get; set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true)
            {
                relays.Add(RelayAsync(await _listener.AcceptTcpClientAsync()));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _server);
        using (client)
        {
            var isLost = false;
            var back = PassAsync(server, client, _ => !isLost);
            await PassAsync(client, server, sent =>
            {
                isLost |= LosesAnswersTo is { } text && Encoding.ASCII.GetString(sent.Span).Contains(text, StringComparison.Ordinal);
                return true;
            });
            await back;
        }
    }

    /// <summary>Passes on until either side has closed, or until something isn't to be passed on.</summary>
    private static async Task PassAsync(TcpClient from, TcpClient to, Func<ReadOnlyMemory<byte>, bool> passes)
    {
        var buffer = new byte[65_536];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is > 0 and var length && passes(buffer.AsMemory(0, length)))
            {
                await to.GetStream().WriteAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // One of them has gone.
        }

        from.Close();
        to.Close();
    }
}
