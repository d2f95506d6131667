using Microsoft.EntityFrameworkCore.Storage;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// A transaction that has excluded all other writers since before its first read, so that the data it reads can't change before it
/// writes. Await only operations on this database inside it. Disposing without a commit rolls back.
/// </summary>
/// <param name="transaction">The transaction.</param>
/// <param name="turn">The turn at the write gate, which ends after the transaction; null if the transaction itself excludes other writers.</param>
public sealed class WriteTransaction(IDbContextTransaction transaction, IDisposable? turn = null) : IAsyncDisposable
{
    public Task CommitAsync(CancellationToken cancellation = default) => transaction.CommitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await transaction.DisposeAsync();
        }
        finally
        {
            turn?.Dispose();
        }
    }
}
