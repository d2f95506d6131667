using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>What carries requests to channels: the network, without anything that acts on its own.</summary>
public sealed class UpstreamTransports : IDisposable
{
    private readonly HttpMessageInvoker _network;

    public UpstreamTransports(IOptions<UpstreamOptions> options)
    {
        _network = new HttpMessageInvoker(Network(options.Value));
    }

    public void Dispose() => _network.Dispose();

    internal HttpMessageInvoker For(LiveChannel channel) => _network;

    private static SocketsHttpHandler Network(UpstreamOptions options) => new()
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        ConnectTimeout = options.ConnectTimeout,
        MaxConnectionsPerServer = int.MaxValue,
        // A name's new addresses are noticed, and a balancer's new machines get their share.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        // An answer that is given up ends its connection, so that the upstream stops making it, unless its end is near.
        MaxResponseDrainSize = 16 * 1024,
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(200),
        UseCookies = false,
        UseProxy = false,
    };
}
