using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels.Echo;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Tokens;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>The transports to channels: HTTP without any automatic behavior, or in-process for the built-in channel.</summary>
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
        // Picks up DNS changes and new machines behind a load balancer.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        // Closes the connection of an abandoned response, so that the provider stops generating it, unless little is left to read.
        MaxResponseDrainSize = 16 * 1024,
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(200),
        UseCookies = false,
        UseProxy = false,
    };
}
