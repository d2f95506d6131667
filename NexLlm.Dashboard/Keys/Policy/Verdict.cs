namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The answer to a request: allowed, or the first check that blocks it. A value never set denies.</summary>
public enum Verdict
{
    InvalidApiKey,
    KeyDisabled,
    KeyExpired,
    AccountDisabled,
    IpNotAuthorized,
    TooManyRequests,
    InvalidRequest,
    RequestTooLarge,
    UnsupportedState,
    ModelRequired,
    ModelNotFound,
    ModelNotAllowed,

    /// <summary>The model is served, but not in the dialect of the address that was called.</summary>
    WrongEndpoint,
    InsufficientAccountQuota,
    InsufficientQuota,

    /// <summary>The quotas suffice once other requests in flight have settled.</summary>
    QuotaReserved,

    /// <summary>What would be charged cannot be written down, so nothing is done.</summary>
    StorageUnavailable,
    NoChannel,
    UpstreamError,
    Allowed,
}
