using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Settings;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.TokenCounting;

/// <summary>
/// Limits how often an account counts tokens, since that costs no quota: a number per minute, in a burst or spread out. Each
/// account needs only one number, the time when all its counts would be paid off at an even rate.
/// </summary>
internal sealed class CountTokensRateLimit(IOptions<GatewayOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(1);

    private readonly ConditionalWeakTable<LiveAccount, StrongBox<TimeSpan>> _paidOff = [];
    private readonly int _perMinute = options.Value.TokenCountsPerMinute;
    private readonly long _start = clock.GetTimestamp();

    /// <returns>Null if a count is available, otherwise the error for the client with the time until the next one.</returns>
    public Rejection? Take(LiveAccount account)
    {
        var now = clock.GetElapsedTime(_start);
        var paidOff = _paidOff.GetOrCreateValue(account);
        lock (paidOff)
        {
            var next = (paidOff.Value > now ? paidOff.Value : now) + (_window / _perMinute);
            if (next - now > _window)
            {
                return Rejection.For(
                    Verdict.TooManyRequests, $"Too many token counts. The limit is {_perMinute} per minute for each account.", null, next - now - _window);
            }

            paidOff.Value = next;
            return null;
        }
    }
}
