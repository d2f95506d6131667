namespace NexLlm.Dashboard.Data;

/// <summary>Which lines are looked for; null does not ask. A key is found by the index of its account, so name that too.</summary>
/// <param name="IsFailed">Whether the status is an error's.</param>
internal sealed record LogFilter(
    long? AccountId = null, long? KeyId = null, long? GroupId = null, string? Model = null, string? Code = null, bool? IsFailed = null,
    int? Status = null)
{
    /// <summary>The status from which on a request failed.</summary>
    public const int FirstFailure = 400;

    /// <summary>Nothing that was answered is looked for.</summary>
    public bool IsOfFailures => IsFailed is true || Status >= FirstFailure;

    /// <summary>Says of a line in memory what the SQL says of one in the file.</summary>
    public bool Matches(in LogRow row) =>
        (AccountId is null || row.AccountId == AccountId)
        && (KeyId is null || row.KeyId == KeyId)
        && (GroupId is null || row.GroupId == GroupId)
        && (Model is null || row.Model == Model)
        && (Code is null || row.Code == Code)
        && (Status is null || row.Status == Status)
        && (IsFailed is not { } failed || failed == row.Status >= FirstFailure);
}
