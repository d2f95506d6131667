namespace NexLlm.Dashboard.Data;

/// <summary>Filters log lines; null matches everything. Keys are looked up in the index of their account, so set the account as well.</summary>
/// <param name="IsFailed">Whether the status is an error.</param>
internal sealed record LogFilter(
    long? AccountId = null, long? KeyId = null, long? GroupId = null, string? Model = null, string? Code = null, bool? IsFailed = null,
    int? Status = null)
{
    /// <summary>The lowest status of a failed request.</summary>
    public const int FirstFailure = 400;

    /// <summary>Whether the filter excludes successful requests.</summary>
    public bool IsOfFailures => IsFailed is true || Status >= FirstFailure;

    /// <summary>Applies the same conditions as the SQL to a line in memory.</summary>
    public bool Matches(in LogRow row) =>
        (AccountId is null || row.AccountId == AccountId)
        && (KeyId is null || row.KeyId == KeyId)
        && (GroupId is null || row.GroupId == GroupId)
        && (Model is null || row.Model == Model)
        && (Code is null || row.Code == Code)
        && (Status is null || row.Status == Status)
        && (IsFailed is not { } failed || failed == row.Status >= FirstFailure);
}
