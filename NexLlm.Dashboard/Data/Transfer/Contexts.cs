using Microsoft.EntityFrameworkCore;

namespace NexLlm.Dashboard.Data.Transfer;

/// <summary>Contexts of a database other than the application's own.</summary>
internal sealed class Contexts<T>(Func<T> create) : IDbContextFactory<T>
    where T : DbContext
{
    public T CreateDbContext() => create();
}
