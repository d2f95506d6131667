using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>A database with all tables and nothing in them, for applications to start on: migrating takes longer than the rest of a start.</summary>
internal static class EmptyDatabase
{
    private static readonly Lazy<Task<byte[]>> _file = new(CreateFileAsync);

    /// <summary>SQLite's, written to a file that doesn't exist yet.</summary>
    public static async Task WriteAsync(string path)
    {
        var content = await _file.Value;
        await using var file = PrivateFiles.Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        await file.WriteAsync(content);
    }

    /// <summary>Migrates as the program does, without what its capabilities prepare.</summary>
    public static async Task MigrateAsync(string connectionString)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>(DatabaseOptions.ConnectionSetting, connectionString)])
            .Build();
        var registered = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddData(configuration);
        // Identity's options say which tables it has.
        registered.AddAccounts();
        await using var services = registered.RemoveAll<IDataPreparation>().BuildServiceProvider();
        await services.GetRequiredService<DatabaseStartup>().PrepareForServerAsync();
    }

    private static async Task<byte[]> CreateFileAsync()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("empty.db");
        await MigrateAsync($"Data Source={path}");
        return await File.ReadAllBytesAsync(path);
    }
}
