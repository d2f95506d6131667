using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway;

/// <summary>Why a request is not answered: the public error, and the member of the body that it is about.</summary>
internal sealed record Refusal(GatewayError Error, string? Param = null)
{
    private static readonly Dictionary<Verdict, Refusal> _plain = Enum.GetValues<Verdict>()
        .Where(verdict => verdict is not Verdict.Allowed)
        .ToDictionary(verdict => verdict, verdict => new Refusal(VerdictErrors.For(verdict)));

    /// <summary>Made once: of the refusals that do not depend on the request there is one instance each, so a flood of them allocates nothing here.</summary>
    public byte[] OpenAIBody => field ??= Error.ToJson(Param);

    public static Refusal UnknownAddress { get; } = OfProtocol(404, "unknown_url",
        "Nothing is served at this address. The gateway serves GET /v1/models and POST /v1/chat/completions, /v1/completions, /v1/embeddings, /v1/responses and /v1/messages.");

    public static Refusal Unforeseen { get; } = new(new GatewayError(500, "server_error", "internal_error",
        "The gateway failed at this request. Quote the x-request-id when you report it.", ShouldRetry: true));

    public static Refusal For(Verdict verdict) => _plain[verdict];

    /// <param name="retryAfter">When it is worth another try; null if nobody knows.</param>
    public static Refusal For(Verdict verdict, TimeSpan? retryAfter) => new(VerdictErrors.For(verdict) with { RetryAfter = retryAfter });

    public static Refusal For(Verdict verdict, string message, string? param) =>
        new(VerdictErrors.For(verdict) with { Message = message }, param);

    public static Refusal WrongMethod(string allowed) => OfProtocol(405, "method_not_allowed", $"Use {allowed} here.");

    private static Refusal OfProtocol(int status, string code, string message) =>
        new(new GatewayError(status, "invalid_request_error", code, message, ShouldRetry: false));
}
