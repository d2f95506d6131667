namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>The keys of the advisory locks in the application's database.</summary>
internal static class AdvisoryLocks
{
    /// <summary>Held by the server, or by a command that excludes servers, for as long as it runs.</summary>
    public const long Instance = 20_056;

    /// <summary>Held by the transaction that writes.</summary>
    public const long Writer = 20_057;

    /// <summary>Held by the ledger's connection.</summary>
    public const long Ledger = 20_058;

    /// <summary>Held while the request log's tables are created.</summary>
    public const long LogSchema = 20_059;
}
