namespace NexLlm.Dashboard.Gateway.Answers;

/// <summary>
/// The one place that says what an upstream's answer means. The first row that fits decides. An error that comes with a status of
/// success has been given the status it stands for before it is looked up here.
/// </summary>
internal static class AnswerTable
{
    private const AnswerForm Any = AnswerForm.Any;
    private const AnswerForm Answers = AnswerForm.Json | AnswerForm.Events | AnswerForm.Media;
    private const AnswerForm NotJson = AnswerForm.Page | AnswerForm.Other | AnswerForm.Empty;

    private static readonly Row[] _rows =
    [
        // status    body                  says                     means
        new(200, 299, Answers,             Complaint.Anything,      AnswerMeaning.Answer),
        new(200, 299, AnswerForm.CutShort, Complaint.Anything,      AnswerMeaning.BrokenOff),
        // Nothing, a web page or plain text: no client of these APIs can read it.
        new(200, 299, Any,                 Complaint.Anything,      AnswerMeaning.Failed),
        // A redirection is never followed: it would take the provider key elsewhere.
        new(300, 399, Any,                 Complaint.Anything,      AnswerMeaning.Misconfigured),
        new(401, 402, Any,                 Complaint.Anything,      AnswerMeaning.Misconfigured),
        new(405, 405, Any,                 Complaint.Anything,      AnswerMeaning.Misconfigured),
        new(407, 407, Any,                 Complaint.Anything,      AnswerMeaning.Misconfigured),
        new(421, 421, Any,                 Complaint.Anything,      AnswerMeaning.Misconfigured),
        new(426, 426, Any,                 Complaint.Anything,      AnswerMeaning.Misconfigured),
        new(408, 408, Any,                 Complaint.Anything,      AnswerMeaning.Failed),
        new(425, 425, Any,                 Complaint.Anything,      AnswerMeaning.Failed),
        // OpenAI says so when the account is out of credit: waiting does not help.
        new(429, 429, Any,                 Complaint.Credit,        AnswerMeaning.Misconfigured),
        new(429, 429, Any,                 Complaint.Anything,      AnswerMeaning.RateLimited),
        new(400, 499, AnswerForm.CutShort, Complaint.Anything,      AnswerMeaning.Failed),
        new(403, 403, Any,                 Complaint.ContentPolicy, AnswerMeaning.Rejection),
        new(403, 403, Any,                 Complaint.Anything,      AnswerMeaning.Unserved),
        new(404, 404, NotJson,             Complaint.Anything,      AnswerMeaning.Misconfigured),
        new(404, 404, Any,                 Complaint.Anything,      AnswerMeaning.Unserved),
        new(410, 410, Any,                 Complaint.Anything,      AnswerMeaning.Unserved),
        new(413, 413, Any,                 Complaint.Anything,      AnswerMeaning.Rejection),
        // Of a proxy or a firewall before the upstream.
        new(400, 499, AnswerForm.Page,     Complaint.Anything,      AnswerMeaning.Unserved),
        new(400, 499, Any,                 Complaint.UsageOption,   AnswerMeaning.NoUsageOption),
        new(400, 499, Any,                 Complaint.ProviderKey,   AnswerMeaning.Unserved),
        new(400, 499, Any,                 Complaint.Credit,        AnswerMeaning.Unserved),
        new(400, 499, Any,                 Complaint.Model,         AnswerMeaning.Unserved),
        new(400, 499, Any,                 Complaint.Anything,      AnswerMeaning.Rejection),
        new(503, 503, Any,                 Complaint.Anything,      AnswerMeaning.Overloaded),
        new(529, 529, Any,                 Complaint.Anything,      AnswerMeaning.Overloaded),
        new(0, 999, Any,                   Complaint.Anything,      AnswerMeaning.Failed),
    ];

    /// <summary>What an answer means, and what it says is wrong if it is none.</summary>
    /// <param name="body">As much of it as was read.</param>
    /// <param name="usageAsked">The gateway added the option that asks for usage.</param>
    public static (AnswerMeaning Meaning, ReportedError? Error) Judge(int status, AnswerForm form, ReadOnlySpan<byte> body, bool usageAsked)
    {
        if (form is not AnswerForm.Error && IsSuccess(status))
        {
            return (Of(status, form, Complaint.Anything), null);
        }

        var error = ReportedError.Read(status, body);
        return (Of(error.Status, form is AnswerForm.Error ? AnswerForm.Json : form, Complaints.Of(error, body, usageAsked)), error);
    }

    public static bool IsSuccess(int status) => status is >= 200 and < 300;

    public static AnswerMeaning Of(int status, AnswerForm form, Complaint complaint)
    {
        foreach (var row in _rows)
        {
            if (row.Has(status) && (row.Forms & form) != 0 && (row.Complaint is Complaint.Anything || row.Complaint == complaint))
            {
                return row.Meaning;
            }
        }

        return AnswerMeaning.Failed;
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
                return row is not { Forms: Any, Complaint: Complaint.Anything, Meaning.Next: NextStep.NextChannel };
            }
        }

        return true;
    }

    private sealed record Row(int From, int To, AnswerForm Forms, Complaint Complaint, AnswerMeaning Meaning)
    {
        public bool Has(int status) => From <= status && status <= To;
    }
}
