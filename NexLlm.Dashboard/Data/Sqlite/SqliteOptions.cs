using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>The data location: the connection string <c>NexLlm</c>, parsed strictly, and the section <c>Data</c>.</summary>
public sealed class SqliteOptions
{
    public const string SynchronousSetting = "Data:Synchronous";

    internal const string Example = "Data Source=data/nexllm.db";

    private const string Advice = $"Use a value such as {Example}";

    /// <summary>Contains an absolute path, so that it always refers to the same file.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>The absolute path of the database file. Relative paths are resolved against the working directory.</summary>
    public string Path { get; private set; } = "";

    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The request log's own file, for example <c>nexllm-log.db</c> beside <c>nexllm.db</c>.</summary>
    public string LogPath => System.IO.Path.Combine(
        Folder, $"{System.IO.Path.GetFileNameWithoutExtension(Path)}-log{System.IO.Path.GetExtension(Path)}");

    public Synchronous Synchronous { get; private set; }

    /// <summary>The errors found while parsing, each naming its setting.</summary>
    internal List<string> Errors { get; } = [];

    internal static void Read(IConfiguration configuration, SqliteOptions options)
    {
        options.ReadConnection(configuration.GetConnectionString(DatabaseOptions.ConnectionName));
        options.ReadSynchronous(configuration[SynchronousSetting]);
    }

    internal static void Read(string connection, SqliteOptions options) => options.ReadConnection(connection);

    private void ReadConnection(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            Refuse($"is missing. {Advice}.");
            return;
        }

        SqliteConnectionStringBuilder connection;
        try
        {
            connection = new SqliteConnectionStringBuilder(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            Refuse($"is invalid ({e.Message.TrimEnd('.')}). {Advice}.");
            return;
        }

        var file = connection.DataSource;
        if (file.Length == 0 || file.StartsWith(':') || file.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            || connection.Mode is SqliteOpenMode.Memory)
        {
            Refuse($"has no file, so nothing would be stored. {Advice}.");
            return;
        }

        Check(connection);
        Path = System.IO.Path.GetFullPath(file);
        connection.DataSource = Path;
        connection.ForeignKeys = true;
        ConnectionString = connection.ConnectionString;
        CheckFolder();
    }

    private void Check(SqliteConnectionStringBuilder connection)
    {
        if (connection.Cache is SqliteCacheMode.Shared)
        {
            Refuse("has Cache=Shared, which is incompatible with write-ahead logging. Remove Cache.");
        }

        if (connection.Mode is SqliteOpenMode.ReadOnly)
        {
            Refuse("has Mode=ReadOnly, but the server has to write. Remove Mode.");
        }

        if (connection.ForeignKeys is false)
        {
            Refuse("has Foreign Keys=False, which would allow broken references. Remove it.");
        }

        if (connection.Password.Length > 0)
        {
            Refuse("has a password, but the file is not encrypted. Remove Password and restrict access to the folder.");
        }
    }

    private void CheckFolder()
    {
        if (Directory.Exists(Path))
        {
            Refuse($"is {Path}, which is a folder. Use a file in it.");
        }

        for (var above = Folder; above is not null; above = System.IO.Path.GetDirectoryName(above))
        {
            if (File.Exists(above))
            {
                Refuse($"is {Path}, but {above} is a file, not a folder. Use another path.");
            }
        }
    }

    private void ReadSynchronous(string? text)
    {
        if (text is not null && !(Enum.TryParse<Synchronous>(text, ignoreCase: true, out var read) && Enum.IsDefined(Synchronous = read)))
        {
            Errors.Add($"{SynchronousSetting}: “{text}” is not valid. Use Full (survives a power failure) or Normal (survives a process crash).");
        }
    }

    private void Refuse(string what) => Errors.Add($"{DatabaseOptions.ConnectionSetting} {what}");
}

/// <summary>When SQLite flushes to disk. The names are SQLite's own.</summary>
public enum Synchronous
{
    /// <summary>At every commit: acknowledged data survives a power failure.</summary>
    Full,

    /// <summary>At checkpoints: a power failure can lose the last commits, a process crash can't.</summary>
    Normal,
}

internal sealed class SqliteOptionsValidator : IValidateOptions<SqliteOptions>
{
    public ValidateOptionsResult Validate(string? name, SqliteOptions options) =>
        options.Errors is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Errors);
}
