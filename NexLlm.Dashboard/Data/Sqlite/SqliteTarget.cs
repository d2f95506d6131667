using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data.Transfer;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>Moves a database to an SQLite file.</summary>
internal sealed class SqliteTarget(IServiceProvider services) : ITransferTarget
{
    public string Engine => SqliteEngine.EngineName;

    public string Title => "an SQLite file";

    public string Example => SqliteOptions.Example;

    public async Task<OpenTarget> OpenAsync(string connection, CancellationToken cancellation)
    {
        var options = new SqliteOptions();
        SqliteOptions.Read(connection, options);
        if (options.Errors is not [])
        {
            throw new StartRefusedException(string.Join(Environment.NewLine, options.Errors));
        }

        if (File.Exists(options.Path))
        {
            throw new StartRefusedException($"{options.Path} already exists. Choose another file.");
        }

        var open = new Open(options, services);
        try
        {
            await open.PrepareAsync(cancellation);
            return open;
        }
        catch
        {
            await open.DisposeAsync();
            throw;
        }
    }

    private sealed class Open : OpenTarget
    {
        private readonly SqliteOptions _options;
        private readonly SqliteStartup _startup;
        private readonly DbContextOptions<SqliteContext> _contextOptions;
        private readonly WriteGate _gate = new();

        public Open(SqliteOptions options, IServiceProvider services)
        {
            _options = options;
            var settings = Options.Create(options);
            _contextOptions = new DbContextOptionsBuilder<SqliteContext>().UseNexLlmSqlite(settings).UseApplicationServiceProvider(services).Options;
            // Without preparations: the rows come from a prepared database.
            _startup = new SqliteStartup(
                settings, new Contexts<SqliteContext>(NewContext), new SchemaUpgrade(new Contexts<NexLlmDbContext>(NewContext), services.GetRequiredService<ILogger<SchemaUpgrade>>()),
                new DatabasePosition(settings, services.GetRequiredService<ILogger<DatabasePosition>>()), new ServiceCollection().BuildServiceProvider());
        }

        public override string Location => _options.Path;

        public override NexLlmDbContext CreateContext() => NewContext();

        public Task PrepareAsync(CancellationToken cancellation) => _startup.PrepareForCommandAloneAsync(cancellation: cancellation);

        public override Task ContinueIdsAsync(NexLlmDbContext db, string table, long last, CancellationToken cancellation) =>
            db.Database.ExecuteSqlAsync($"UPDATE sqlite_sequence SET seq = max(seq, {last}) WHERE name = {table}", cancellation);

        public override ValueTask DisposeAsync()
        {
            _startup.Dispose();
            _gate.Dispose();
            return ValueTask.CompletedTask;
        }

        private SqliteContext NewContext() => new(_contextOptions, _gate);
    }
}
