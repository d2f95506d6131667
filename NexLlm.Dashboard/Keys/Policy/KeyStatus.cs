namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The status shown in the list. Always derived, never stored.</summary>
public enum KeyStatus
{
    Active,
    Disabled,
    Expired,
    QuotaExhausted,
}

public static class KeyStatuses
{
    public static readonly TimeSpan ExpiresSoonWindow = TimeSpan.FromDays(7);

    /// <summary>
    /// The first that applies of: disabled, expired, quota exhausted, active. The checks of <see cref="AccessPolicy"/> decide the
    /// same way.
    /// </summary>
    public static KeyStatus Of(bool enabled, Expiration expiration, TokenQuota quota, DateTimeOffset now) =>
        !enabled ? KeyStatus.Disabled
        : expiration.IsOver(now) ? KeyStatus.Expired
        : quota.IsExhausted ? KeyStatus.QuotaExhausted
        : KeyStatus.Active;

    /// <summary>A mark on an active key that expires within <see cref="ExpiresSoonWindow"/>, inclusive.</summary>
    public static bool ExpiresSoon(bool enabled, Expiration expiration, TokenQuota quota, DateTimeOffset now) =>
        Of(enabled, expiration, quota, now) == KeyStatus.Active && expiration.At - now <= ExpiresSoonWindow;
}
