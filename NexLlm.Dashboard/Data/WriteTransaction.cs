using Microsoft.EntityFrameworkCore.Storage;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// A transaction that holds the write gate from before BEGIN IMMEDIATE until after COMMIT, so that the data it reads can't change before it
/// writes. Await only operations on this database inside it. Disposing without a commit rolls back.
/// </summary>
public sealed class WriteTransaction(WriteGate.Lease turn, IDbContextTransaction transaction) : IAsyncDisposable
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
            turn.Dispose();
        }
    }
}
