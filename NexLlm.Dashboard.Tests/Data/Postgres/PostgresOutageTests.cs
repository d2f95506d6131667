using System.Net;
using NexLlm.Dashboard.Tests.Backups;
using NexLlm.Dashboard.Tests.TestKit;
using Npgsql;

namespace NexLlm.Dashboard.Tests.Data.Postgres;

/// <summary>The program when the PostgreSQL server goes away, and when another program wants its database.</summary>
public sealed class PostgresOutageTests : MovedTest
{
    [Fact]
    public async Task Only_one_server_uses_a_database()
    {
        await using var first = StartMoved();
        await first.ReadyAsync();

        await using var second = StartMoved();
        var ending = await second.EndAsync();

        Assert.Equal(1, ending.ExitCode);
        Assert.Contains("Another NexLLM Dashboard is using PostgreSQL at", ending.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_database_is_away_requests_are_refused_and_afterwards_answered_again()
    {
        await using var program = StartMoved();
        var address = await program.ReadyAsync();
        using var http = Caller(address);
        await CallAsync(http);

        await AdministerAsync($"ALTER DATABASE {Postgres.Name} ALLOW_CONNECTIONS false");
        await AdministerAsync($"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{Postgres.Name}'");
        await GatewayApp.UntilAsync(async () => await StatusAsync(http) is HttpStatusCode.ServiceUnavailable);
        using (var readiness = await http.GetAsync("/readyz", Cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, readiness.StatusCode);
        }

        await AdministerAsync($"ALTER DATABASE {Postgres.Name} ALLOW_CONNECTIONS true");
        await GatewayApp.UntilAsync(async () => await StatusAsync(http) is HttpStatusCode.OK);
        await program.SaysAsync("Connected to the database server again.");
        Assert.Equal(0, (await program.StopAsync()).ExitCode);
        var verified = await RunAsync(Moved(), "verify");
        Assert.True(verified.ExitCode == 0, verified.Errors);
    }

    [Fact]
    public async Task A_server_whose_database_another_has_taken_over_ends()
    {
        await using var program = StartMoved();
        await program.ReadyAsync();
        await using var other = new NpgsqlConnection(Postgres.ConnectionString);
        await other.OpenAsync(Cancellation);
        await using var taking = new NpgsqlCommand("SELECT pg_advisory_lock(20056)", other);
        var taken = taking.ExecuteNonQueryAsync(Cancellation);

        await AdministerAsync(
            $"""
            SELECT pg_terminate_backend(l.pid, 10000) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
            WHERE d.datname = '{Postgres.Name}' AND l.locktype = 'advisory' AND l.objid = 20056 AND l.granted
            """);
        await taken;

        Assert.Equal(70, (await program.EndAsync()).ExitCode);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http)
    {
        using var body = new StringContent(TestKit.Caller.ChatBody("nexllm-echo", more: ",\"max_tokens\":5"), System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/v1/chat/completions", body, Cancellation);
        return answer.StatusCode;
    }

    private async Task AdministerAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Postgres.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
