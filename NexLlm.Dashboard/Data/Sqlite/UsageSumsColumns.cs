namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>The columns common to all roll-up tables, in the order of binding and reading.</summary>
internal static class UsageSumsColumns
{
    public const string Names = "Requests, InputTokens, OutputTokens, ChargedTokens";

    public const string AddExcluded =
        """
        Requests = Requests + excluded.Requests, InputTokens = InputTokens + excluded.InputTokens,
        OutputTokens = OutputTokens + excluded.OutputTokens, ChargedTokens = ChargedTokens + excluded.ChargedTokens
        """;

    public static SqliteStatement Bind(this SqliteStatement statement, in UsageSums sums) =>
        statement.Bind(sums.Requests).Bind(sums.InputTokens).Bind(sums.OutputTokens).Bind(sums.ChargedTokens);

    /// <summary>Reads the sums from the first columns of the row.</summary>
    public static UsageSums Sums(this SqliteStatement row) => new(row.Int64(0), row.Int64(1), row.Int64(2), row.Int64(3));
}
