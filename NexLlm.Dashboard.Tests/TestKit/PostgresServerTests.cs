using Npgsql;

namespace NexLlm.Dashboard.Tests.TestKit;

public sealed class PostgresServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_database_is_its_own_and_goes_when_it_is_disposed()
    {
        var server = await PostgresServer.SharedAsync();
        string gone;
        using (var one = await server.CreateDatabaseAsync())
        using (var two = await server.CreateDatabaseAsync())
        {
            gone = one.ConnectionString;
            Assert.NotEqual(one.ConnectionString, two.ConnectionString);
            await AskAsync(one.ConnectionString, "CREATE TABLE here (id int)");
            Assert.Equal(1L, await AskAsync(one.ConnectionString, "SELECT count(*) FROM pg_tables WHERE tablename = 'here'"));
            Assert.Equal(0L, await AskAsync(two.ConnectionString, "SELECT count(*) FROM pg_tables WHERE tablename = 'here'"));
        }

        var refused = await Assert.ThrowsAsync<PostgresException>(() => AskAsync(gone, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidCatalogName, refused.SqlState);
    }

    [Fact]
    public async Task It_also_listens_on_the_loopback_address()
    {
        var server = await PostgresServer.SharedAsync();
        using var database = await server.CreateDatabaseAsync();
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Host = "127.0.0.1" };

        Assert.Equal("C", await AskAsync(address.ConnectionString, "SELECT datcollate::text FROM pg_database WHERE datname = current_database()"));
    }

    [Fact]
    public async Task A_database_is_free_once_nobody_holds_an_advisory_lock_in_it()
    {
        var server = await PostgresServer.SharedAsync();
        using var database = await server.CreateDatabaseAsync();
        Task free;
        await using (var connection = new NpgsqlConnection($"{database.ConnectionString};Pooling=False"))
        {
            await connection.OpenAsync(Cancellation);
            await using var command = new NpgsqlCommand("SELECT pg_advisory_lock(7)", connection);
            await command.ExecuteNonQueryAsync(Cancellation);
            free = database.FreeAsync();
            Assert.False(free.IsCompleted);
        }

        await free;
    }

    private static async Task<object?> AskAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
