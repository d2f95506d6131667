namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The single mapping from a verdict to a status, code and public message.</summary>
public static class VerdictErrors
{
    private const string Request = "invalid_request_error";
    private const string Quota = "insufficient_quota";
    private const string Server = "server_error";

    /// <summary>
    /// The retry interval if no check knows a time: requests in progress can end at any moment, and a failed write is retried
    /// every second.
    /// </summary>
    private static readonly TimeSpan _pace = TimeSpan.FromSeconds(1);

    /// <exception cref="ArgumentException">The verdict is <see cref="Verdict.Allowed"/>, which is not an error.</exception>
    public static GatewayError For(Verdict verdict) => verdict switch
    {
        Verdict.Allowed => throw new ArgumentException("An allowed request has no error.", nameof(verdict)),
        Verdict.InvalidApiKey => Final(401, Request, "invalid_api_key",
            "Invalid API key. Check the key, or create a new one in the dashboard."),
        Verdict.KeyDisabled => Final(401, Request, "key_disabled",
            "This API key is disabled. Enable it in the dashboard or use another key."),
        Verdict.KeyExpired => Final(401, Request, "key_expired",
            "This API key has expired. Set a later expiration in the dashboard or use another key."),
        Verdict.AccountDisabled => Final(403, Request, "account_disabled",
            "The account of this API key is disabled. Contact your administrator."),
        Verdict.IpNotAuthorized => Final(401, Request, "ip_not_authorized",
            "Requests from your IP address are not allowed for this API key."),
        Verdict.TooManyRequests => Momentary(429, "rate_limit_error", "too_many_requests",
            "Too many concurrent requests for this API key. Retry shortly."),
        Verdict.TooManyAccountRequests => Momentary(429, "rate_limit_error", "too_many_requests",
            "This account has too many requests in progress. Retry after some have finished."),
        Verdict.InvalidRequest => Final(400, Request, "invalid_request",
            "Invalid request body."),
        Verdict.RequestTooLarge => Final(413, Request, "request_too_large",
            "Request body too large."),
        Verdict.UnsupportedState => Final(400, Request, "unsupported_state",
            "References to stored provider state (e.g. 'previous_response_id', file IDs) are not supported. Include the content in the request."),
        Verdict.ModelRequired => Final(400, Request, "model_required",
            "Missing required parameter: 'model'."),
        Verdict.ModelNotFound => Final(404, Request, "model_not_found",
            "The model does not exist or you do not have access to it. See GET /v1/models."),
        Verdict.ModelNotAllowed => Final(403, Request, "model_not_allowed",
            "This API key is not allowed to use this model. See GET /v1/models."),
        Verdict.WrongEndpoint => Final(400, Request, "wrong_endpoint",
            "The model is not available at this URL. Use an endpoint that serves it."),
        Verdict.InsufficientAccountQuota => Final(429, Quota, "insufficient_account_quota",
            "Insufficient quota: this request needs more tokens than the account has left."),
        Verdict.InsufficientQuota => Final(429, Quota, "insufficient_quota",
            "Insufficient quota: this request needs more tokens than this key has left."),
        Verdict.QuotaReserved => Momentary(429, "rate_limit_error", "quota_reserved",
            "Quota is reserved by requests in progress. Retry shortly."),
        Verdict.StorageUnavailable => Momentary(503, Server, "storage_unavailable",
            "The gateway is temporarily unavailable. Retry shortly."),
        Verdict.NoChannel => Passing(503, Server, "no_channel",
            "The model is temporarily unavailable. Retry shortly."),
        Verdict.UpstreamError => Passing(502, Server, "upstream_error",
            "The model provider failed to respond. Retry shortly."),
        Verdict.UpstreamRateLimited => Passing(429, "rate_limit_error", "upstream_rate_limited",
            "The model provider is rate limiting requests. Retry later."),
        Verdict.UpstreamMisconfigured => Final(502, Server, "upstream_misconfigured",
            "The model provider rejects the gateway's access to this model. Contact your administrator."),
    };

    /// <summary>The same error, naming what the request asked for if that helps the client.</summary>
    public static GatewayError For(Verdict verdict, in RejectedRequest asked) =>
        ErrorDetails.Message(verdict, asked) is { } message ? For(verdict) with { Message = message } : For(verdict);

    /// <summary>The error of a blocked request, with the check's retry time if known.</summary>
    public static GatewayError For(in Decision decision, in RejectedRequest asked)
    {
        var error = For(decision.Verdict, asked);
        return decision.RetryAfter is { } wait ? error with { RetryAfter = wait } : error;
    }

    private static GatewayError Final(int status, string type, string code, string message) =>
        new(status, type, code, message, ShouldRetry: false);

    /// <summary>An error of unknown duration: clients choose their own retry time unless the rejection gives one.</summary>
    private static GatewayError Passing(int status, string type, string code, string message) =>
        new(status, type, code, message, ShouldRetry: true);

    private static GatewayError Momentary(int status, string type, string code, string message) =>
        Passing(status, type, code, message) with { RetryAfter = _pace };
}
