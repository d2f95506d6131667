using System.Net;
using System.Net.Sockets;
using NexLlm.Dashboard.Tests.TestKit;
using Npgsql;

namespace NexLlm.Dashboard.Tests.Data.Postgres;

/// <summary>Stands between a client and the server, and cuts a connection at the moment when the next statements are sent.</summary>
internal sealed class CommitCutter : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NpgsqlConnectionStringBuilder _server;
    private volatile Cut _next;

    public CommitCutter(PostgresDatabase database)
    {
        _server = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString)
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
    public void CutNext(bool executed) => _next = executed ? Cut.After : Cut.Before;

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
                    PumpAsync(client, server, () => (cut = Interlocked.Exchange(ref _next, Cut.None)) is not Cut.Before),
                    PumpAsync(server, client, () => cut is not Cut.After));
            }
            catch (SocketException)
            {
                // Either side has closed it.
            }
        }
    }

    /// <summary>Passes on what is received until the sender or the condition ends it.</summary>
    private static async Task PumpAsync(Socket from, Socket to, Func<bool> mayPass)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer) is > 0 and var length && mayPass())
        {
            await to.SendAsync(buffer.AsMemory(0, length));
        }
    }
}
