namespace NexLlm.Dashboard.Gateway.UpstreamResponses;

/// <summary>
/// The one place that says what an upstream's answer means. The first row that fits decides. An error that comes with a status of
/// success has been given the status it stands for before it is looked up here.
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
        // Nothing, a web page or plain text: no client of these APIs can read it.
        new(200, 299, Any,                   ErrorCause.Anything,      ResponseOutcome.Failed),
        // A redirection is never followed: it would take the provider key elsewhere.
        new(300, 399, Any,                   ErrorCause.Anything,      ResponseOutcome.Misconfigured),
        new(401, 402, Any,                   ErrorCause.Anything,      ResponseOutcome.Misconfigured),
        new(405, 405, Any,                   ErrorCause.Anything,      ResponseOutcome.Misconfigured),
        new(407, 407, Any,                   ErrorCause.Anything,      ResponseOutcome.Misconfigured),
        new(421, 421, Any,                   ErrorCause.Anything,      ResponseOutcome.Misconfigured),
        new(426, 426, Any,                   ErrorCause.Anything,      ResponseOutcome.Misconfigured),
        new(408, 408, Any,                   ErrorCause.Anything,      ResponseOutcome.Failed),
        new(425, 425, Any,                   ErrorCause.Anything,      ResponseOutcome.Failed),
        // OpenAI says so when the account is out of credit: waiting does not help.
        new(429, 429, Any,                   ErrorCause.Credit,        ResponseOutcome.Misconfigured),
        new(429, 429, Any,                   ErrorCause.Anything,      ResponseOutcome.RateLimited),
        new(400, 499, ResponseKind.CutShort, ErrorCause.Anything,      ResponseOutcome.Failed),
        new(403, 403, Any,                   ErrorCause.ContentPolicy, ResponseOutcome.Rejection),
        new(403, 403, Any,                   ErrorCause.Anything,      ResponseOutcome.Unserved),
        new(404, 404, NotJson,               ErrorCause.Anything,      ResponseOutcome.Misconfigured),
        new(404, 404, Any,                   ErrorCause.Anything,      ResponseOutcome.Unserved),
        new(410, 410, Any,                   ErrorCause.Anything,      ResponseOutcome.Unserved),
        new(413, 413, Any,                   ErrorCause.Anything,      ResponseOutcome.Rejection),
        // Of a proxy or a firewall before the upstream.
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

    /// <summary>What an answer means, and what it says is wrong if it is none.</summary>
    /// <param name="body">As much of it as was read.</param>
    /// <param name="usageAsked">The gateway added the option that asks for usage.</param>
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

    /// <summary>Whether the body has to be read to know what the answer means, or to pass it on.</summary>
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
