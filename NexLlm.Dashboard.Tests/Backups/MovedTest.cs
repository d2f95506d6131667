using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Backups;

/// <summary>The database of <see cref="BackupTest"/> after it has moved to PostgreSQL.</summary>
public abstract class MovedTest : BackupTest
{
    protected PostgresDatabase Postgres { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Postgres = await (await PostgresServer.SharedAsync()).CreateEmptyAsync();
        var moved = await RunAsync("migrate-to-postgres", Postgres.ConnectionString);
        Assert.True(moved.ExitCode == 0, moved.Errors);
    }

    public override async ValueTask DisposeAsync()
    {
        Postgres?.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Dictionary<string, string> Moved() => On(Postgres);

    protected ProgramProcess StartMoved() => ProgramProcess.Start(Folder, settings: Moved());
}
