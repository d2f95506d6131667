using System.Globalization;
using System.Text.RegularExpressions;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>The texts for how a request ended.</summary>
internal static partial class LogStatus
{
    private static readonly Dictionary<string, string> _messages = Enum.GetValues<Verdict>()
        .Where(verdict => verdict is not Verdict.Allowed)
        .Select(VerdictErrors.For)
        .DistinctBy(error => error.Code)
        .ToDictionary(error => error.Code, error => error.Message);

    // Permanent decisions of a check, which the access check can explain further.
    private static readonly HashSet<string> _explained =
    [
        .. AccessPolicy.Verdicts.Select(VerdictErrors.For).Where(error => !error.ShouldRetry).Select(error => error.Code),
    ];

    // Errors before any check: the gateway doesn't know the request, or failed itself.
    private static readonly string[] _unchecked =
    [
        "internal_error", "method_not_allowed", "request_timeout", "server_busy", "unknown_url", "unsupported_content_encoding",
        "websocket_not_supported",
    ];

    /// <summary>The error codes of all rejections.</summary>
    public static IReadOnlyList<string> Codes { get; } = [.. _messages.Keys.Concat(_unchecked).Order(StringComparer.Ordinal)];

    /// <summary>Other filter values: the statuses that cover more than one code.</summary>
    public static IReadOnlyList<(string Number, string Words)> Numbers { get; } =
    [
        .. new[] { 400, 401, 403, 404, 429 }.Select(status => (Number(status), Number(status))),
        (Number(LogEntry.ClientLeft), $"{LogEntry.ClientLeft} (canceled)"),
        .. new[] { 500, 502, 503 }.Select(status => (Number(status), Number(status))),
    ];

    /// <summary>Whether the filter offers the status without being selected.</summary>
    public static bool IsOffered(string status) =>
        status is LogAddress.Answered or LogAddress.Failed || Codes.Contains(status) || Numbers.Any(offer => offer.Number == status);

    /// <summary>A tone of the style sheet, an icon of the sprite and a word.</summary>
    public static (string Tone, string Icon, string Word) Of(LogEntry line) => line.Status switch
    {
        null => ("", "#i-check", "Charged"),
        LogEntry.ClientLeft => ("soon", "#i-logout", "Canceled"),
        < 400 => ("good", "#i-check", Number(line.Status.Value)),
        >= 500 => ("bad", "#i-warning", Number(line.Status.Value)),
        _ => ("soon", "#i-pause", Number(line.Status.Value)),
    };

    /// <summary>Additional text beside the status; null if the status is sufficient.</summary>
    public static string? Reason(LogEntry line) => line switch
    {
        { Code: { } code } => code,
        { Status: LogEntry.ClientLeft } => "client disconnected",
        { Status: >= 400 } => "from the provider",
        _ => null,
    };

    /// <summary>The tooltip; null if there is nothing to add.</summary>
    public static string? Message(LogEntry line) => line switch
    {
        { Code: { } code } => _messages.GetValueOrDefault(code),
        { Status: null } => "The server stopped before this request was logged. These details come from its charge.",
        _ => null,
    };

    /// <summary>The meaning of a code, as the first sentence of its error message; null for an unknown code.</summary>
    public static string? Meaning(string code) => _messages.GetValueOrDefault(code) is { } message ? FirstSentence().Match(message).Value : null;

    public static bool HasExplanation(LogEntry line) => line is { Code: { } code, KeyId: not null, IsKeyDeleted: false } && _explained.Contains(code);

    /// <summary>Whether any tokens were counted.</summary>
    public static bool IsCounted(LogEntry line) => line is not { InputTokens: 0, OutputTokens: 0 };

    /// <summary>The source of the token counts.</summary>
    public static string SourceOf(LogEntry line) => line.Source switch
    {
        UsageSource.Upstream => "Reported by the provider",
        UsageSource.Counted => "Estimated by NexLLM",
        UsageSource.Recovered => "Estimated after a restart",
        UsageSource.Priced => "Price of the model",
    };

    /// <summary>For example "420 ms", "1.2 s" or "3 min 5 s".</summary>
    public static string Took(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s"),
    };

    /// <summary>The first period before another sentence or the end, so that "e.g." doesn't match.</summary>
    [GeneratedRegex(@"^.*?\.(?= [A-Z]|$)")]
    private static partial Regex FirstSentence();

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
