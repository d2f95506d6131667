using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels.Echo;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Tokens;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>What carries requests to channels: the network, without anything that acts on its own, or no network at all.</summary>
public sealed class UpstreamTransports(IOptions<UpstreamOptions> options, TokenCounter tokens, PromptCounter prompts, TimeProvider clock) : IDisposable
{
    private readonly HttpMessageInvoker _echo = new(new EchoHandler(tokens, prompts, clock));

    public void Dispose()
    {
        Network.Dispose();
        _echo.Dispose();
    }

    internal HttpMessageInvoker Network { get; } = new(Handler(options.Value));

    internal HttpMessageInvoker For(LiveChannel channel) => channel.Type is ChannelType.Echo ? _echo : Network;

    private static SocketsHttpHandler Handler(UpstreamOptions options) => new()
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
