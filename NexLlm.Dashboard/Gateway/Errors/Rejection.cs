using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Gateway.Errors;

/// <summary>Why a request is rejected: the public error and the field of the body it refers to.</summary>
internal sealed record Rejection(GatewayError Error, string? Param = null)
{
    private static readonly Dictionary<Verdict, Rejection> _plain = Enum.GetValues<Verdict>()
        .Where(verdict => verdict is not Verdict.Allowed)
        .ToDictionary(verdict => verdict, verdict => new Rejection(VerdictErrors.For(verdict)));

    /// <summary>Cached: rejections that don't depend on the request share one instance, so a flood of them allocates nothing here.</summary>
    public byte[] OpenAIBody => field ??= Error.ToJson(Param);

    public static Rejection MissingKey { get; } = For(Verdict.InvalidApiKey,
        "Missing API key. Send it as 'Authorization: Bearer sk-nexllm-...' or 'x-api-key: sk-nexllm-...'.", null);

    public static Rejection SeveralKeys { get; } = For(Verdict.InvalidApiKey,
        "The request has several different API keys. Send one key in one header.", null);

    public static Rejection WebSocket { get; } = OfProtocol(426, "websocket_not_supported",
        "WebSockets are not supported. Send an HTTP POST request instead.");

    public static Rejection Unforeseen { get; } = new(new GatewayError(500, "server_error", "internal_error",
        "Internal gateway error. Include the x-request-id when contacting support.", ShouldRetry: true));

    public static Rejection For(Verdict verdict) => _plain[verdict];

    public static Rejection For(Verdict verdict, in RejectedRequest asked) => new(VerdictErrors.For(verdict, asked));

    /// <summary>The error of a request blocked by a check.</summary>
    public static Rejection For(in Decision decision, in RejectedRequest asked) => new(VerdictErrors.For(decision, asked));

    /// <inheritdoc cref="For(in Decision, in RejectedRequest)"/>
    public static Rejection For(in Decision decision) => decision.RetryAfter is { } wait ? For(decision.Verdict, wait) : For(decision.Verdict);

    /// <param name="retryAfter">When to retry; null if unknown.</param>
    public static Rejection For(Verdict verdict, TimeSpan? retryAfter) => new(VerdictErrors.For(verdict) with { RetryAfter = retryAfter });

    /// <param name="retryAfter">A retry time more specific than the default.</param>
    public static Rejection For(Verdict verdict, string message, string? param, TimeSpan? retryAfter = null)
    {
        var error = VerdictErrors.For(verdict);
        return new(error with { Message = message, RetryAfter = retryAfter ?? error.RetryAfter }, param);
    }

    public static Rejection WrongHost(string host) => OfProtocol(
        400, "invalid_host", $"Host '{host}' is not allowed. Use the gateway's own address, or add the host to {AllowedHosts.Setting}.");

    public static Rejection WrongMethod(string allowed) => OfProtocol(405, "method_not_allowed", $"Method not allowed. Use {allowed}.");

    /// <summary>The error for an unknown URL.</summary>
    public static Rejection UnknownAddress(string message) => OfProtocol(404, "unknown_url", message);

    private static Rejection OfProtocol(int status, string code, string message) =>
        new(new GatewayError(status, "invalid_request_error", code, message, ShouldRetry: false));
}
