using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace NexLlm.Dashboard.Data.Transfer;

/// <summary>
/// Copies all rows of one database to an empty one of another engine. EF Core's model lists the tables and converts the values, so nothing
/// can be forgotten here when a table or a column is added.
/// </summary>
/// <param name="report">Receives a line per table with rows, and one for every hundred thousand rows.</param>
internal sealed class DatabaseTransfer(NexLlmDbContext source, OpenTarget target, Action<string> report)
{
    private const int Step = 1_000;
    private const int ReportEvery = 100_000;

    private static readonly MethodInfo _empty = typeof(DatabaseTransfer).GetMethod(nameof(EmptyAsync), BindingFlags.Static | BindingFlags.NonPublic)!;
    private static readonly MethodInfo _copy = typeof(DatabaseTransfer).GetMethod(nameof(CopyAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>Copies in one transaction of the target, so that an interruption leaves it empty.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var snapshot = await source.BeginReadAsync(cancellation);
        await using var db = target.CreateContext();
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var tables = InOrderOfReferences(db.Model);
        foreach (var table in tables.AsEnumerable().Reverse())
        {
            // The rows that the migrations insert come with the copy.
            await (Task)_empty.MakeGenericMethod(table.ClrType).Invoke(null, [db, table.Name, cancellation])!;
        }

        foreach (var table in tables)
        {
            await (Task)_copy.MakeGenericMethod(table.ClrType).Invoke(this, [db, table, cancellation])!;
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Every table after those it refers to.</summary>
    private static List<IEntityType> InOrderOfReferences(IModel model)
    {
        var left = model.GetEntityTypes().Where(type => !type.IsOwned()).OrderBy(type => type.Name, StringComparer.Ordinal).ToList();
        var ordered = new List<IEntityType>();
        while (left.Count > 0)
        {
            var next = left.First(type => type.GetForeignKeys().All(key => key.PrincipalEntityType == type || ordered.Contains(key.PrincipalEntityType)));
            left.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }

    private static Task<int> EmptyAsync<T>(NexLlmDbContext db, string name, CancellationToken cancellation)
        where T : class => db.Set<T>(name).ExecuteDeleteAsync(cancellation);

    private async Task CopyAsync<T>(NexLlmDbContext db, IEntityType type, CancellationToken cancellation)
        where T : class
    {
        var table = type.GetTableName()!;
        var (copied, step) = (0L, new List<T>(Step));
        await foreach (var row in source.Set<T>(type.Name).AsNoTracking().IgnoreAutoIncludes().AsAsyncEnumerable().WithCancellation(cancellation))
        {
            step.Add(row);
            copied++;
            if (step.Count == Step)
            {
                await SaveAsync(db, type, step, cancellation);
                if (copied % ReportEvery == 0)
                {
                    report($"{table}: {copied:N0}…");
                }
            }
        }

        await SaveAsync(db, type, step, cancellation);
        if (type.FindPrimaryKey() is { Properties: [{ ValueGenerated: ValueGenerated.OnAdd } id] } && id.ClrType == typeof(long))
        {
            var last = await source.LastIdOf(source.Model.FindEntityType(type.Name)!.GetTableName()!).SingleAsync(cancellation);
            await target.ContinueIdsAsync(db, table, last, cancellation);
        }

        if (copied > 0)
        {
            report($"{table}: {copied:N0}");
        }
    }

    private static async Task SaveAsync<T>(NexLlmDbContext db, IEntityType type, List<T> rows, CancellationToken cancellation)
        where T : class
    {
        db.Set<T>(type.Name).AddRange(rows);
        await db.SaveChangesAsync(cancellation);
        db.ChangeTracker.Clear();
        rows.Clear();
    }
}
