using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Authorization;

/// <summary>A change and its record are kept or lost together, whichever operation makes it.</summary>
public sealed class RecordedChangesTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Methods => [.. Operations.Changes.Select(o => o.Method)];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task What_cannot_be_recorded_is_not_done(string method)
    {
        var operation = Operations.Changes.Single(o => o.Method == method);
        var scene = await Scene.CreateAsync(app);
        var actor = operation switch
        {
            { Owner: Answer.Done } => scene.Owner,
            { Administrator: Answer.Done } => await app.CreateActorAsync(administrator: true),
            _ => Actor.Machine,
        };
        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        var before = await StateAsync(db);
        await db.Database.ExecuteSqlRawAsync("CREATE TRIGGER Unrecorded BEFORE INSERT ON AuditEvents BEGIN SELECT RAISE(FAIL, 'no room for a record'); END", Cancellation);
        try
        {
            Assert.NotEqual(Answer.Done, await operation.Ask(scene, actor));
        }
        catch (Exception e) when (e is DbException or DbUpdateException)
        {
            Assert.Contains("no room for a record", $"{e}", StringComparison.Ordinal);
        }
        finally
        {
            await db.Database.ExecuteSqlRawAsync("DROP TRIGGER Unrecorded", Cancellation);
        }

        Assert.Equal(before, await StateAsync(db));
    }

    /// <summary>All that stands in the database.</summary>
    private static async Task<string> StateAsync(NexLlmDbContext db)
    {
        List<string> state = [];
        foreach (var table in db.Model.GetEntityTypes().Select(t => t.GetTableName()!).Distinct().Order())
        {
            state.AddRange((await RowsAsync(db, table)).Select(row => $"{table}: {row}"));
        }

        return string.Join('\n', state);
    }

    private static async Task<List<string>> RowsAsync(NexLlmDbContext db, string table)
    {
        await db.Database.OpenConnectionAsync(Cancellation);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"SELECT * FROM {table} ORDER BY 1, 2";
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        List<string> rows = [];
        while (await reader.ReadAsync(Cancellation))
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            rows.Add(string.Join('|', values.Select(value => value is byte[] bytes ? Convert.ToHexString(bytes) : value)));
        }

        return rows;
    }
}
