namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The decision about a request: allowed, or the first check that blocks it. The default value denies.</summary>
public enum Verdict
{
    InvalidApiKey,
    KeyDisabled,
    KeyExpired,
    AccountDisabled,
    IpNotAuthorized,

    /// <summary>The key is at its limit of concurrent requests.</summary>
    TooManyRequests,

    /// <summary>All keys of the account together are at the account's limit.</summary>
    TooManyAccountRequests,
    InvalidRequest,
    RequestTooLarge,
    UnsupportedState,
    ModelRequired,
    ModelNotFound,
    ModelNotAllowed,

    /// <summary>The model is served, but not in the dialect of the called endpoint.</summary>
    WrongEndpoint,
    InsufficientAccountQuota,
    InsufficientQuota,

    /// <summary>The quotas will suffice once other requests in progress have settled.</summary>
    QuotaReserved,

    /// <summary>The charge can't be recorded, so the request is rejected.</summary>
    StorageUnavailable,
    NoChannel,
    UpstreamError,

    /// <summary>The provider temporarily accepts no more requests.</summary>
    UpstreamRateLimited,

    /// <summary>The provider rejects what the gateway sends with every request: its key, its URL or its model name.</summary>
    UpstreamMisconfigured,
    Allowed,
}
