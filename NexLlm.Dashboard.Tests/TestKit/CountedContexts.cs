using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>Tells how often something went to the database, and can keep it from there.</summary>
public sealed class CountedContexts(IDbContextFactory<NexLlmDbContext> contexts) : IDbContextFactory<NexLlmDbContext>
{
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool Fails { get; set; }

    /// <summary>Completes at the first that was refused.</summary>
    public Task Refused => _refused.Task;

    public NexLlmDbContext CreateDbContext()
    {
        Interlocked.Increment(ref _count);
        if (Fails)
        {
            _refused.TrySetResult();
            throw new InvalidOperationException("The disk is gone.");
        }

        return contexts.CreateDbContext();
    }
}
