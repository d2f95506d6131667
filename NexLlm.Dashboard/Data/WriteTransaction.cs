using Microsoft.EntityFrameworkCore.Storage;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// A transaction that holds the write gate from before its BEGIN IMMEDIATE to after its COMMIT, so that what it reads
/// cannot change before it writes. Await nothing inside but this database. Disposed without a commit, it rolls back.
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
