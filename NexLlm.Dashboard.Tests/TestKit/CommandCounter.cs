using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>Counts what EF Core asks the database; what must cost no command is seen to cost none.</summary>
public sealed class CommandCounter : DbCommandInterceptor
{
    private int _count;

    public int Count => _count;

    /// <summary>Held back for as long as it is not completed; to let something else happen in the middle of a reading.</summary>
    public Func<string, Task>? BeforeReading { get; set; }

    public void Watch(IServiceCollection services) =>
        services.AddSingleton<IInterceptor>(this);

    public override async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _count);
        if (BeforeReading is { } wait)
        {
            await wait(command.CommandText);
        }

        return result;
    }
}
