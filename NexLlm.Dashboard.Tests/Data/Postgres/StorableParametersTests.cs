using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Data.Postgres;
using NexLlm.Dashboard.Tests.TestKit;
using Npgsql;

namespace NexLlm.Dashboard.Tests.Data.Postgres;

public sealed class StorableParametersTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_that_cannot_be_stored_finds_nothing_and_is_stored_without_what_is_wrong()
    {
        using var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        using var gate = new WriteGate();
        await using var db = new PostgresContext(new DbContextOptionsBuilder<PostgresContext>().UseNexLlmPostgres(source).Options, gate);

        // Not in an attribute, which can't hold half a surrogate pair.
        foreach (var text in (string[])["a\0b", $"a{(char)0xD800}b", "Größe-😀"])
        {
            Assert.False(await db.DataProtectionKeys.AnyAsync(key => key.FriendlyName == $"x{text}", Cancellation));
            db.Add(new DataProtectionKey { FriendlyName = text });
            await db.SaveChangesAsync(Cancellation);
        }

        Assert.Equal(
            ["a\uFFFDb", "a\uFFFDb", "Größe-😀"],
            await db.DataProtectionKeys.OrderBy(key => key.Id).Select(key => key.FriendlyName).ToListAsync(Cancellation));
    }
}
