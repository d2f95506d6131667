namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The answer to a request: allowed, or the first check that blocks it. A value never set denies.</summary>
public enum Verdict
{
    InvalidApiKey,
    KeyDisabled,
    KeyExpired,
    AccountDisabled,
    IpNotAuthorized,

    /// <summary>The key has as many requests in progress as it may.</summary>
    TooManyRequests,

    /// <summary>The same for all keys of the account together.</summary>
    TooManyAccountRequests,
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

    /// <summary>The provider takes no more requests for a while.</summary>
    UpstreamRateLimited,

    /// <summary>The provider rejects what the gateway sends with every request: its key, its address or its name of the model.</summary>
    UpstreamMisconfigured,
    Allowed,
}
