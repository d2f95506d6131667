namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The one place that turns a verdict into status, code and public message.</summary>
public static class VerdictErrors
{
    private const string Request = "invalid_request_error";
    private const string Quota = "insufficient_quota";
    private const string Server = "server_error";

    /// <summary>How soon what requests in progress hold may be free again, or a write may succeed.</summary>
    private static readonly TimeSpan _moment = TimeSpan.FromSeconds(1);

    /// <exception cref="ArgumentException">The verdict is <see cref="Verdict.Allowed"/>, which is no error.</exception>
    public static GatewayError For(Verdict verdict) => verdict switch
    {
        Verdict.Allowed => throw new ArgumentException("What is allowed has no error.", nameof(verdict)),
        Verdict.InvalidApiKey => Final(401, Request, "invalid_api_key",
            "The API key is missing, malformed or unknown. Send one key as 'Authorization: Bearer sk-nexllm-...'."),
        Verdict.KeyDisabled => Final(401, Request, "key_disabled",
            "This API key is disabled. Enable it in the dashboard, or use another key."),
        Verdict.KeyExpired => Final(401, Request, "key_expired",
            "This API key has expired. Set a later expiration in the dashboard, or create a new key."),
        Verdict.AccountDisabled => Final(403, Request, "account_disabled",
            "The account of this API key is disabled. Ask your administrator."),
        Verdict.IpNotAuthorized => Final(401, Request, "ip_not_authorized",
            "This API key may not be used from your IP address."),
        Verdict.TooManyRequests => Momentary(429, "rate_limit_error", "too_many_requests",
            "This API key has too many requests in progress. Try again when some have finished."),
        Verdict.InvalidRequest => Final(400, Request, "invalid_request",
            "The request could not be understood. Check its body."),
        Verdict.RequestTooLarge => Final(413, Request, "request_too_large",
            "The request's body is larger than this gateway takes."),
        Verdict.UnsupportedState => Final(400, Request, "unsupported_state",
            "What is kept at the provider cannot be referred to here. Send everything that the request needs in its body."),
        Verdict.ModelRequired => Final(400, Request, "model_required",
            "Name a model in the member 'model' of the request's body."),
        Verdict.ModelNotFound => Final(404, Request, "model_not_found",
            "This model does not exist, or the group of this API key does not serve it. GET /v1/models lists what it serves."),
        Verdict.ModelNotAllowed => Final(403, Request, "model_not_allowed",
            "This API key is restricted to other models. GET /v1/models lists them."),
        Verdict.WrongEndpoint => Final(400, Request, "wrong_endpoint",
            "This model is not served at this address. Call Anthropic models by POST /v1/messages, and all others by the addresses of OpenAI's API."),
        Verdict.InsufficientAccountQuota => Final(429, Quota, "insufficient_account_quota",
            "The overall quota of the account does not suffice for this request."),
        Verdict.InsufficientQuota => Final(429, Quota, "insufficient_quota",
            "The remaining quota of this API key does not suffice for this request."),
        Verdict.QuotaReserved => Momentary(429, "rate_limit_error", "quota_reserved",
            "Other requests in progress hold the quota that this one needs. Try again when they have finished."),
        Verdict.StorageUnavailable => Momentary(503, Server, "storage_unavailable",
            "The gateway cannot record requests at the moment, so it makes none. Try again shortly."),
        Verdict.NoChannel => Passing(503, Server, "no_channel",
            "The model cannot be reached at the moment. Try again shortly."),
        Verdict.UpstreamError => Passing(502, Server, "upstream_error",
            "The provider of the model failed to answer. Try again shortly."),
        Verdict.UpstreamRateLimited => Passing(429, "rate_limit_error", "upstream_rate_limited",
            "The provider of the model limits the rate of requests. Try again later."),
        Verdict.UpstreamMisconfigured => Final(502, Server, "upstream_misconfigured",
            "The provider rejects the gateway's access to this model. Ask an administrator to check its settings."),
    };

    private static GatewayError Final(int status, string type, string code, string message) =>
        new(status, type, code, message, ShouldRetry: false);

    /// <summary>Nobody knows for how long: clients wait as they see fit, unless the refusal says more.</summary>
    private static GatewayError Passing(int status, string type, string code, string message) =>
        new(status, type, code, message, ShouldRetry: true);

    private static GatewayError Momentary(int status, string type, string code, string message) =>
        Passing(status, type, code, message) with { RetryAfter = _moment };
}
