using Microsoft.Extensions.Options;
using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>The connection string <c>NexLlm</c>, parsed strictly.</summary>
public sealed class PostgresOptions
{
    /// <summary>The oldest supported major version of PostgreSQL.</summary>
    internal const int OldestVersion = 15;

    internal const string Example = "Host=db;Database=nexllm;Username=nexllm;Password=…";

    private const string Advice = $"Use a value such as {Example}";

    public string ConnectionString { get; private set; } = "";

    /// <summary>The server and the database, without user and password.</summary>
    public string Location { get; private set; } = "";

    public string Database { get; private set; } = "";

    public string Username { get; private set; } = "";

    /// <summary>The errors found while parsing, each naming its setting.</summary>
    internal List<string> Errors { get; } = [];

    internal static void Read(IConfiguration configuration, PostgresOptions options) =>
        Read(configuration.GetConnectionString(DatabaseOptions.ConnectionName)!, options);

    internal static void Read(string connection, PostgresOptions options)
    {
        try
        {
            options.Read(new NpgsqlConnectionStringBuilder(connection));
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            options.Refuse($"is invalid ({e.Message.TrimEnd('.')}). {Advice}.");
        }
    }

    private void Read(NpgsqlConnectionStringBuilder connection)
    {
        if (connection.Host is not { Length: > 0 } host || connection.Database is not { Length: > 0 } database || connection.Username is not { Length: > 0 } user)
        {
            Refuse($"needs Host, Database and Username. {Advice}.");
            return;
        }

        if (host.Contains(','))
        {
            Refuse("has several hosts. Use the address of the primary server.");
        }

        if (connection.Multiplexing)
        {
            Refuse("has Multiplexing=true, which doesn't support transactions. Remove it.");
        }

        connection.ApplicationName ??= "NexLLM Dashboard";
        connection.Enlist = false;
        // A paused process must not keep its locks.
        connection.Options = $"{connection.Options} -c idle_in_transaction_session_timeout=60s".Trim();
        (ConnectionString, Database, Username) = (connection.ConnectionString, database, user);
        Location = $"PostgreSQL at {host}:{connection.Port}, database {database}";
    }

    private void Refuse(string what) => Errors.Add($"{DatabaseOptions.ConnectionSetting} {what}");
}

internal sealed class PostgresOptionsValidator : IValidateOptions<PostgresOptions>
{
    public ValidateOptionsResult Validate(string? name, PostgresOptions options) =>
        options.Errors is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Errors);
}
