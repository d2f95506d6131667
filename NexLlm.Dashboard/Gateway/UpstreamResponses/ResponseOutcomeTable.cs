namespace NexLlm.Dashboard.Gateway.UpstreamResponses;

/// <summary>
/// The single definition of what a provider's response means. The first matching row applies. An error with a success status is
/// looked up by its equivalent status.
/// </summary>
internal static class ResponseOutcomeTable
{
    private const ResponseKind Any = ResponseKind.Any;
    private const ResponseKind Answers = ResponseKind.Json | ResponseKind.Events | ResponseKind.Media;
    private const ResponseKind NotJson = ResponseKind.Page | ResponseKind.Other | ResponseKind.Empty;

    private static readonly Row[] _rows =
    [
        // status    body                   cause                     outcome
        new(200, 299, Answers,               ErrorCause.Anything,      ResponseOutcome.Answer),
        new(200, 299, ResponseKind.CutShort, ErrorCause.Anything,      ResponseOutcome.BrokenOff),
        // Empty, HTML or plain text, which no client of these APIs can read.
        new(200, 299, Any,                   ErrorCause.Anything,      ResponseOutcome.Failed),
        // Redirects are never followed, because they would send the provider key elsewhere.
        new(300, 399, Any,                   ErrorCause.Anything,      ResponseOutcome.Misconfigured),
        new(401, 402, Any,                   ErrorCause.Anything,      ResponseOutcome.Misconfigured),
        new(405, 405, Any,                   ErrorCause.Anything,      ResponseOutcome.Misconfigured),
        new(407, 407, Any,                   ErrorCause.Anything,      ResponseOutcome.Misconfigured),
        new(421, 421, Any,                   ErrorCause.Anything,      ResponseOutcome.Misconfigured),
        new(426, 426, Any,                   ErrorCause.Anything,      ResponseOutcome.Misconfigured),
        new(408, 408, Any,                   ErrorCause.Anything,      ResponseOutcome.Failed),
        new(425, 425, Any,                   ErrorCause.Anything,      ResponseOutcome.Failed),
        // OpenAI returns this when the account is out of credit, so waiting doesn't help.
        new(429, 429, Any,                   ErrorCause.Credit,        ResponseOutcome.Misconfigured),
        new(429, 429, Any,                   ErrorCause.Anything,      ResponseOutcome.RateLimited),
        new(400, 499, ResponseKind.CutShort, ErrorCause.Anything,      ResponseOutcome.Failed),
        new(403, 403, Any,                   ErrorCause.ContentPolicy, ResponseOutcome.Rejection),
        new(403, 403, Any,                   ErrorCause.Anything,      ResponseOutcome.Unserved),
        new(404, 404, NotJson,               ErrorCause.Anything,      ResponseOutcome.Misconfigured),
        new(404, 404, Any,                   ErrorCause.Anything,      ResponseOutcome.Unserved),
        new(410, 410, Any,                   ErrorCause.Anything,      ResponseOutcome.Unserved),
        new(413, 413, Any,                   ErrorCause.Anything,      ResponseOutcome.Rejection),
        // From a proxy or firewall in front of the provider.
        new(400, 499, ResponseKind.Page,     ErrorCause.Anything,      ResponseOutcome.Unserved),
        new(400, 499, Any,                   ErrorCause.UsageOption,   ResponseOutcome.NoUsageOption),
        new(400, 499, Any,                   ErrorCause.ProviderKey,   ResponseOutcome.Unserved),
        new(400, 499, Any,                   ErrorCause.Credit,        ResponseOutcome.Unserved),
        new(400, 499, Any,                   ErrorCause.Model,         ResponseOutcome.Unserved),
        new(400, 499, Any,                   ErrorCause.Anything,      ResponseOutcome.Rejection),
        new(503, 503, Any,                   ErrorCause.Anything,      ResponseOutcome.Overloaded),
        new(529, 529, Any,                   ErrorCause.Anything,      ResponseOutcome.Overloaded),
        new(0, 999,   Any,                   ErrorCause.Anything,      ResponseOutcome.Failed),
    ];

    /// <summary>The outcome of a response, and the error it reports if any.</summary>
    /// <param name="body">The part that was read.</param>
    /// <param name="usageAsked">Whether the gateway added the option that requests usage.</param>
    public static (ResponseOutcome Outcome, ProviderError? Error) Judge(int status, ResponseKind kind, ReadOnlySpan<byte> body, bool usageAsked)
    {
        if (kind is not ResponseKind.Error && IsSuccess(status))
        {
            return (Of(status, kind, ErrorCause.Anything), null);
        }

        var error = ProviderError.Read(status, body);
        return (Of(error.Status, kind is ResponseKind.Error ? ResponseKind.Json : kind, ErrorCauses.Of(error, body, usageAsked)), error);
    }

    public static bool IsSuccess(int status) => status is >= 200 and < 300;

    public static ResponseOutcome Of(int status, ResponseKind kind, ErrorCause cause)
    {
        foreach (var row in _rows)
        {
            if (row.Has(status) && (row.Kinds & kind) != 0 && (row.Cause is ErrorCause.Anything || row.Cause == cause))
            {
                return row.Outcome;
            }
        }

        return ResponseOutcome.Failed;
    }

    /// <summary>Whether the body is needed to judge the response or to pass it on.</summary>
    public static bool NeedsBody(int status)
    {
        if (IsSuccess(status))
        {
            return true;
        }

        foreach (var row in _rows)
        {
            if (row.Has(status))
            {
                return row is not { Kinds: Any, Cause: ErrorCause.Anything, Outcome.Next: NextStep.NextChannel };
            }
        }

        return true;
    }

    private sealed record Row(int From, int To, ResponseKind Kinds, ErrorCause Cause, ResponseOutcome Outcome)
    {
        public bool Has(int status) => From <= status && status <= To;
    }
}
