namespace NexLlm.Dashboard.Data;

/// <summary>Which engine the connection string <c>NexLlm</c> chooses. Each engine parses the rest of it.</summary>
internal static class DatabaseOptions
{
    public const string ConnectionName = "NexLlm";
    public const string ConnectionSetting = $"ConnectionStrings:{ConnectionName}";

    /// <summary>Whether the connection string names a PostgreSQL server.</summary>
    public static bool NamesServer(IConfiguration configuration) =>
        (configuration.GetConnectionString(ConnectionName) ?? "").Split(';')
            .Any(part => part.Split('=')[0].Trim().ToUpperInvariant() is "HOST" or "SERVER");
}
