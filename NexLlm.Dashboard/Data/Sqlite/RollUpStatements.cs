namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>Updates the roll-up tables of the charges in the caller's transaction.</summary>
internal sealed class RollUpStatements(PreparedStatements statements) : IRollUpStore
{
    private const string Sums = UsageSumsColumns.Names;
    private const string AddSums = UsageSumsColumns.AddExcluded;

    private readonly SqliteStatement _addToQuarter = statements.Prepare(
        $"""
        INSERT INTO UsageQuarters (Quarter, KeyId, GroupId, Model, AccountId, {Sums}, CountedRequests) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (Quarter, KeyId, GroupId, Model) DO UPDATE SET {AddSums}, CountedRequests = CountedRequests + excluded.CountedRequests
        """);

    private readonly SqliteStatement _addToModel = statements.Prepare(
        $"""
        INSERT INTO ModelUsage (Period, Start, AccountId, Model, {Sums}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (Period, Start, AccountId, Model) DO UPDATE SET {AddSums}
        """);

    private readonly SqliteStatement _addToKey = statements.Prepare(
        $"""
        INSERT INTO KeyUsage (Period, Start, AccountId, KeyId, {Sums}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (Period, Start, AccountId, KeyId) DO UPDATE SET {AddSums}
        """);

    public void Add(in QuarterKey key, in UsageSums sums) =>
        _addToQuarter.Bind(key.Quarter).Bind(key.KeyId).Bind(key.GroupId).Bind(key.Model).Bind(key.AccountId).Bind(sums).Bind(sums.CountedRequests).Execute();

    public void Add(in ModelUsageKey key, in UsageSums sums) =>
        _addToModel.Bind(key.Period).Bind(key.Start).Bind(key.AccountId).Bind(key.Model).Bind(sums).Execute();

    public void Add(in KeyUsageKey key, in UsageSums sums) =>
        _addToKey.Bind(key.Period).Bind(key.Start).Bind(key.AccountId).Bind(key.KeyId).Bind(sums).Execute();

    /// <summary>Each addition is already there.</summary>
    public void Flush()
    {
    }

    public void Dispose() => statements.Dispose();
}
