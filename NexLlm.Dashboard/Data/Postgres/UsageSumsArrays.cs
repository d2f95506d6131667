namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>The columns common to all roll-up tables.</summary>
internal sealed class UsageSumsArrays(ArrayStatement statement)
{
    public const string Names = "requests, inputtokens, outputtokens, chargedtokens";

    private readonly List<long> _requests = statement.Longs();
    private readonly List<long> _inputTokens = statement.Longs();
    private readonly List<long> _outputTokens = statement.Longs();
    private readonly List<long> _chargedTokens = statement.Longs();

    /// <summary>Adds what was to be inserted to the row that exists.</summary>
    public static string AddExcluded(string table) =>
        $"""
        requests = {table}.requests + excluded.requests, inputtokens = {table}.inputtokens + excluded.inputtokens,
        outputtokens = {table}.outputtokens + excluded.outputtokens, chargedtokens = {table}.chargedtokens + excluded.chargedtokens
        """;

    public void Add(in UsageSums sums)
    {
        _requests.Add(sums.Requests);
        _inputTokens.Add(sums.InputTokens);
        _outputTokens.Add(sums.OutputTokens);
        _chargedTokens.Add(sums.ChargedTokens);
    }
}
