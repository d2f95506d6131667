using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Hosting;

/// <summary>Closes connections from addresses with too many open or silent connections, before they cost more than a socket.</summary>
internal sealed class ConnectionLimits(IOptions<ServerOptions> server, IOptions<ProxyOptions> proxies)
{
    /// <summary>
    /// The data buffered per connection before the application reads it. Bounds the memory of a connection, and how long it occupies a
    /// receiving thread before other connections get their turn.
    /// </summary>
    internal const int UnreadBytes = 128 * 1_024;

    private readonly ConcurrentDictionary<string, Open> _open = new();
    private readonly System.Net.IPNetwork[] _proxies = [.. proxies.Value.Networks];

    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.Limits.KeepAliveTimeout = server.Value.KeepAlive;
        kestrel.Limits.RequestHeadersTimeout = server.Value.HeadersTimeout;
        kestrel.Limits.MaxRequestHeadersTotalSize = server.Value.MaxHeaderBytes;
        kestrel.Limits.MaxRequestLineSize = server.Value.MaxRequestLineBytes;
        kestrel.Limits.MaxRequestBufferSize = Math.Max(UnreadBytes, Math.Max(server.Value.MaxHeaderBytes, server.Value.MaxRequestLineBytes));
        kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            // Also with HTTPS: these limits, and those of bodies, rely on one request per connection at a time.
            endpoint.Protocols = HttpProtocols.Http1;
            endpoint.Use(next => connection => RunAsync(connection, next));
        });
    }

    /// <summary>Records that the connection has sent a request. Costs one lookup.</summary>
    public static void Spoke(HttpContext context) => context.Features.Get<Place>()?.Spoke();

    private async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.RemoteEndPoint is not System.Net.IPEndPoint { Address: var address } || IsProxy(address))
        {
            await next(connection);
            return;
        }

        var network = ClientNetwork.Of(address);
        if (TryEnter(network) is not { } place)
        {
            connection.Abort(new ConnectionAbortedException("The address has too many open connections."));
            return;
        }

        connection.Features.Set(place);
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(network, place);
        }
    }

    private bool IsProxy(System.Net.IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Array.Exists(_proxies, network => network.Contains(plain));
    }

    private Place? TryEnter(string network)
    {
        while (true)
        {
            var open = _open.GetOrAdd(network, _ => new Open());
            lock (open)
            {
                if (open.IsGone)
                {
                    continue;
                }

                if (open.Count >= server.Value.ConnectionsPerAddress || open.Silent >= server.Value.SilentConnectionsPerAddress)
                {
                    return null;
                }

                open.Count++;
                open.Silent++;
                return new Place(open);
            }
        }
    }

    private void Leave(string network, Place place)
    {
        place.Spoke();
        lock (place.Open)
        {
            if (--place.Open.Count == 0)
            {
                place.Open.IsGone = true;
                _open.TryRemove(network, out _);
            }
        }
    }

    private sealed class Open
    {
        public int Count { get; set; }

        public int Silent { get; set; }

        public bool IsGone { get; set; }
    }

    private sealed class Place(Open open)
    {
        private bool _hasSpoken;

        public Open Open => open;

        public void Spoke()
        {
            if (!Volatile.Read(ref _hasSpoken) && !Interlocked.Exchange(ref _hasSpoken, true))
            {
                lock (open)
                {
                    open.Silent--;
                }
            }
        }
    }
}
