using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace NexLlm.Dashboard.Tests.Data.Postgres;

/// <summary>Stands between a client and the server, and cuts a connection at the moment when the next statements are sent.</summary>
internal sealed class CommitCutter : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NpgsqlConnectionStringBuilder _server;
    private volatile Cut _next;
    private volatile string _statement = "";

    /// <param name="connectionString">A connection by a Unix socket.</param>
    public CommitCutter(string connectionString)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString);
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
        _ = AcceptAsync();
    }

    private enum Cut
    {
        None,
        Before,
        After,
    }

    public string ConnectionString { get; }

    /// <summary>Cuts when the client has sent its next statements.</summary>
    /// <param name="executed">Whether the server executes them. Then the connection is cut instead of passing on its answer.</param>
    /// <param name="statement">Text that they contain; statements without it pass.</param>
    public void CutNext(bool executed, string statement = "") => (_statement, _next) = (statement, executed ? Cut.After : Cut.Before);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await _listener.AcceptSocketAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            await server.ConnectAsync(new UnixDomainSocketEndPoint($"{_server.Host}/.s.PGSQL.{_server.Port}"));
            var cut = Cut.None;
            try
            {
                await Task.WhenAny(
                    PumpAsync(client, server, sent => (cut = Take(sent.Span)) is not Cut.Before),
                    PumpAsync(server, client, _ => cut is not Cut.After));
            }
            catch (SocketException)
            {
                // Either side has closed it.
            }
        }
    }

    private Cut Take(ReadOnlySpan<byte> sent) =>
        _next is not Cut.None && sent.IndexOf(Encoding.ASCII.GetBytes(_statement)) >= 0 ? Interlocked.Exchange(ref _next, Cut.None) : Cut.None;

    /// <summary>Passes on what is received until the sender or the condition ends it.</summary>
    private static async Task PumpAsync(Socket from, Socket to, Func<ReadOnlyMemory<byte>, bool> mayPass)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer) is > 0 and var length && mayPass(buffer.AsMemory(0, length)))
        {
            await to.SendAsync(buffer.AsMemory(0, length));
        }
    }
}
