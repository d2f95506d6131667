using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data.Transfer;
using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>Moves a database to a PostgreSQL server.</summary>
internal sealed class PostgresTarget(IServiceProvider services) : ITransferTarget
{
    public string Engine => PostgresEngine.EngineName;

    public string Title => "a PostgreSQL server";

    public string Example => PostgresOptions.Example;

    public async Task<OpenTarget> OpenAsync(string connection, CancellationToken cancellation)
    {
        var options = new PostgresOptions();
        PostgresOptions.Read(connection, options);
        if (options.Errors is not [])
        {
            throw new StartRefusedException(string.Join(Environment.NewLine, options.Errors));
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
        private readonly PostgresOptions _options;
        private readonly NpgsqlDataSource _source;
        private readonly PostgresStartup _startup;
        private readonly DbContextOptions<PostgresContext> _contextOptions;
        private readonly WriteGate _gate = new();

        public Open(PostgresOptions options, IServiceProvider services)
        {
            _options = options;
            _source = NpgsqlDataSource.Create(options.ConnectionString);
            _contextOptions = new DbContextOptionsBuilder<PostgresContext>().UseNexLlmPostgres(_source).UseApplicationServiceProvider(services).Options;
            // Without preparations: the rows come from a prepared database.
            _startup = new PostgresStartup(
                Options.Create(options), new Contexts<PostgresContext>(NewContext), new SchemaUpgrade(new Contexts<NexLlmDbContext>(NewContext), services.GetRequiredService<ILogger<SchemaUpgrade>>()),
                new ServiceCollection().BuildServiceProvider());
        }

        public override string Location => _options.Location;

        public override NexLlmDbContext CreateContext() => NewContext();

        public async Task PrepareAsync(CancellationToken cancellation)
        {
            await _startup.PrepareForCommandAloneAsync(cancellation: cancellation);
            await using var db = NewContext();
            if (await db.Users.AnyAsync(cancellation))
            {
                throw new StartRefusedException($"{Location} already has accounts. Use an empty database.");
            }
        }

        public override async Task ContinueIdsAsync(NexLlmDbContext db, string table, long last, CancellationToken cancellation)
        {
            if (last > 0)
            {
                await db.Database.ExecuteSqlAsync($"SELECT setval(pg_get_serial_sequence({table}, 'id'), {last})", cancellation);
                await db.Database.ExecuteSqlAsync($"UPDATE lastids SET last = greatest(last, {last}) WHERE name = {table}", cancellation);
            }
        }

        public override async ValueTask DisposeAsync()
        {
            _startup.Dispose();
            _gate.Dispose();
            await _source.DisposeAsync();
        }

        private PostgresContext NewContext() => new(_contextOptions, _gate);
    }
}
