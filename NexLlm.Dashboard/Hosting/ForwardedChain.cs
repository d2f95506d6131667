using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Hosting;

/// <summary>
/// Warns once if a request passed through more proxies than are configured. Its
/// client address is then a proxy's, or whatever the client claims.
/// </summary>
internal sealed partial class ForwardedChain(IOptions<ProxyOptions> proxies, ILogger<ForwardedChain> log)
{
    private bool _hasWarned;

    public void Check(HttpContext context)
    {
        // The entries of known proxies have already been removed from the header.
        if (!Volatile.Read(ref _hasWarned)
            && context.Request.Headers.TryGetValue(ForwardedHeadersDefaults.XForwardedForHeaderName, out var rest) && rest.Count > 0
            && !Interlocked.Exchange(ref _hasWarned, true))
        {
            if (proxies.Value.Known is not [])
            {
                LogLonger(log, context.Connection.RemoteIpAddress?.ToString());
            }
            else
            {
                LogUnnamed(log, context.Connection.RemoteIpAddress?.ToString());
            }
        }
    }

    [LoggerMessage(LogLevel.Warning,
        "X-Forwarded-For has more addresses than the proxies in Proxies:Known explain, so {Address} is treated as the client. If it is your proxy, add it to Proxies:Known; if not, the client forged the rest. This is reported once.")]
    private static partial void LogLonger(ILogger log, string? address);

    [LoggerMessage(LogLevel.Warning,
        "{Address} sent X-Forwarded-For and is not in Proxies:Known, so the header is ignored. If it is your reverse proxy, add it to Proxies:Known. This is reported once.")]
    private static partial void LogUnnamed(ILogger log, string? address);
}
