using System.Linq.Expressions;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

/// <summary>
/// The filter of each chip as expressions the database understands. They state in SQL what <see cref="KeyStatuses"/> states in
/// C#; a test keeps the two equal.
/// </summary>
internal static class KeyFilters
{
    private static readonly TimeSpan _unusedAfter = TimeSpan.FromDays(90);

    public static Expression<Func<ApiKey, bool>> For(KeyFilter filter, DateTimeOffset now)
    {
        var soon = now + KeyStatuses.ExpiresSoonWindow;
        var stale = now - _unusedAfter;
        return filter switch
        {
            KeyFilter.All => k => true,
            KeyFilter.Active => k => k.IsEnabled && !(k.ExpiresAt <= now) && !(k.UsedTokens >= k.TokenLimit),
            KeyFilter.Disabled => k => !k.IsEnabled,
            KeyFilter.Expired => k => k.IsEnabled && k.ExpiresAt <= now,
            KeyFilter.QuotaExhausted => k => k.IsEnabled && !(k.ExpiresAt <= now) && k.UsedTokens >= k.TokenLimit,
            KeyFilter.ExpiresSoon => k => k.IsEnabled && k.ExpiresAt > now && k.ExpiresAt <= soon && !(k.UsedTokens >= k.TokenLimit),
            KeyFilter.NeverExpires => k => k.ExpiresAt == null,
            KeyFilter.Unlimited => k => k.TokenLimit == null,
            KeyFilter.AnyIp => k => k.AllowsAnyIp,
            KeyFilter.Unused => k => (k.LastUsedAt ?? k.CreatedAt) <= stale,
        };
    }
}
