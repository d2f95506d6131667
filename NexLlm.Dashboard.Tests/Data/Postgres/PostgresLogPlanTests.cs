using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Data.Postgres;
using Npgsql;

namespace NexLlm.Dashboard.Tests.Data.Postgres;

/// <summary>That a step of a search costs what its lines cost, however many lines others have. The server counts what its scans read.</summary>
public sealed class PostgresLogPlanTests
{
    private const int Lines = 200;
    private const long IdleAccount = 1;
    private const long BusyAccount = 2;
    private const long UnknownAccount = 99;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_step_reads_as_many_lines_as_it_says_however_many_others_have(bool isAnalyzed)
    {
        await using var log = await StoredLog.CreateAsync(Engine.Postgres);
        log.Write();
        // One session, whose counters are asked for in the same session.
        await using var source = NpgsqlDataSource.Create($"{log.Source.ConnectionString};Maximum Pool Size=1");
        await ExecuteAsync(
            source,
            $"""
            INSERT INTO log.lines (id, requestid, accountid, keyid, model, status, requests, source, inputtokens, outputtokens, chargedtokens, durationms)
            SELECT n, 'req_' || n, CASE WHEN n % 10 < 3 AND n < 90000 THEN {IdleAccount} WHEN n % 10 < 7 THEN {BusyAccount} ELSE 3 + n % 50 END, n % 500, 'model',
                CASE WHEN n / 10 % 10 = 0 THEN 429 ELSE 200 END, 1, 1, 0, 0, 0, 0
            FROM generate_series(1, 100000) AS n
            """);
        if (isAnalyzed)
        {
            await ExecuteAsync(source, "ANALYZE log.lines");
        }

        using var reader = new PostgresLogReader(source);
        foreach (var account in (long?[])[null, IdleAccount, BusyAccount, UnknownAccount])
        {
            foreach (var order in Enum.GetValues<LogOrder>())
            {
                foreach (var filter in (LogFilter[])[new(account), new(account, IsFailed: true), new(account, Status: 429), new(account, KeyId: 7), new(account, Model: "none")])
                {
                    var before = await ReadLinesAsync(source);
                    var end = reader.StepEnd(filter, from: 0, before: 200_000, Lines, order);
                    var afterStep = await ReadLinesAsync(source);
                    // The server counts the index entries of a few more lines than it returns.
                    Assert.InRange(afterStep - before, 0, 2 * (Lines + 1));
                    Assert.Equal(account is UnknownAccount, end is null);
                    reader.Read(filter, order is LogOrder.NewestFirst ? end ?? 0 : 0, order is LogOrder.NewestFirst ? 200_000 : (end ?? 200_000) + 1, 51, order);
                    // A bitmap reads a line in the index and in the table.
                    Assert.InRange(await ReadLinesAsync(source) - afterStep, 0, 2 * (Lines + 1));
                }
            }
        }
    }

    private static async Task<long> ReadLinesAsync(NpgsqlDataSource source)
    {
        await ExecuteAsync(source, "SELECT pg_stat_force_next_flush()");
        await using var command = source.CreateCommand(
            """
            SELECT (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE schemaname = 'log' AND relname = 'lines')::bigint + seq_tup_read
            FROM pg_stat_user_tables WHERE schemaname = 'log' AND relname = 'lines'
            """);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
