namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The answer to a request: allowed, or the first check that blocks it. A value never set denies.</summary>
public enum Verdict
{
    InvalidApiKey,
    KeyDisabled,
    KeyExpired,
    AccountDisabled,
    IpNotAuthorized,
    InvalidRequest,
    ModelRequired,
    ModelNotFound,
    ModelNotAllowed,
    InsufficientAccountQuota,
    InsufficientQuota,

    /// <summary>The quotas suffice once other requests in flight have settled.</summary>
    QuotaReserved,
    NoChannel,
    UpstreamError,
    Allowed,
}
