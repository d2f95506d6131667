namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>What the list says of a key. Derived whenever it is asked for, never stored.</summary>
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

    /// <summary>The first that holds of: disabled, expired, quota exhausted, active. The checks of <see cref="AccessPolicy"/> decide in the same way.</summary>
    public static KeyStatus Of(bool enabled, Expiration expiration, TokenQuota quota, DateTimeOffset now) =>
        !enabled ? KeyStatus.Disabled
        : expiration.IsOver(now) ? KeyStatus.Expired
        : quota.IsExhausted ? KeyStatus.QuotaExhausted
        : KeyStatus.Active;

    /// <summary>A mark on an active key: it expires within <see cref="ExpiresSoonWindow"/>, the end included.</summary>
    public static bool ExpiresSoon(bool enabled, Expiration expiration, TokenQuota quota, DateTimeOffset now) =>
        Of(enabled, expiration, quota, now) == KeyStatus.Active && expiration.At - now <= ExpiresSoonWindow;
}
