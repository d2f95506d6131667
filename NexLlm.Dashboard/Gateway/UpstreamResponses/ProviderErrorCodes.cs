namespace NexLlm.Dashboard.Gateway.UpstreamResponses;

/// <summary>The error types and codes of providers and the equivalent HTTP statuses.</summary>
internal static class ProviderErrorCodes
{
    private static readonly Dictionary<string, int> _statuses = new(StringComparer.OrdinalIgnoreCase)
    {
        // Anthropic
        ["invalid_request_error"] = 400,
        ["authentication_error"] = 401,
        ["billing_error"] = 402,
        ["permission_error"] = 403,
        ["not_found_error"] = 404,
        ["request_too_large"] = 413,
        ["rate_limit_error"] = 429,
        ["api_error"] = 500,
        ["timeout_error"] = 504,
        ["overloaded_error"] = 529,

        // OpenAI and compatible providers
        ["context_length_exceeded"] = 400,
        ["invalid_prompt"] = 400,
        ["content_filter"] = 400,
        ["content_policy_violation"] = 400,
        ["BadRequestError"] = 400,
        ["invalid_api_key"] = 401,
        ["insufficient_quota"] = 402,
        ["exceeded_current_quota_error"] = 402,
        ["billing_hard_limit_reached"] = 402,
        ["model_not_found"] = 404,
        ["NotFoundError"] = 404,
        ["rate_limit_exceeded"] = 429,
        ["too_many_requests"] = 429,
        ["server_error"] = 500,
        ["internal_error"] = 500,
        ["service_unavailable"] = 503,
        ["overloaded"] = 503,

        // Google
        ["INVALID_ARGUMENT"] = 400,
        ["FAILED_PRECONDITION"] = 400,
        ["UNAUTHENTICATED"] = 401,
        ["API_KEY_INVALID"] = 401,
        ["PERMISSION_DENIED"] = 403,
        ["NOT_FOUND"] = 404,
        ["RESOURCE_EXHAUSTED"] = 429,
        ["INTERNAL"] = 500,
        ["UNAVAILABLE"] = 503,
    };

    /// <summary>Returns null for an unknown name. Several providers use the status itself.</summary>
    public static int? StatusOf(string? name) =>
        name is null ? null
        : _statuses.TryGetValue(name, out var status) ? status
        : int.TryParse(name, out var number) && number is >= 400 and <= 599 ? number
        : null;
}
