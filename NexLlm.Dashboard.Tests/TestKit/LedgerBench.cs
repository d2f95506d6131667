using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>The ledger's writer alone, on any database.</summary>
internal sealed class LedgerBench : IAsyncDisposable
{
    private int _requests;

    public LedgerBench(Func<ILedgerStore> open)
    {
        Writer = new LedgerWriter(new Engine(open), new KeyChanges(), new UsageMeter(new Meters()), Clock, NullLogger<LedgerWriter>.Instance);
        Writer.Resume(0, 0);
        Writer.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UnixEpoch.AddYears(50));

    public LedgerWriter Writer { get; }

    public LiveKey Key { get; } = new(
        1, new LiveAccount(1, new AccountState(true, null), 0),
        new KeyState("key", new KeySnapshot(true, KeyPolicy.Unrestricted(1)), IsDeleted: false), 0);

    public ChargeTicket Reserve(long prompt = 20, long output = 30)
    {
        var request = new ReservationRequest($"request-{++_requests}", 1, "model", 1_000_000, prompt, output, Clock.GetUtcNow());
        var ticket = new ChargeTicket(Writer.Queue, Key, request, prompt + output, limited: false, Clock.GetTimestamp());
        Key.Spending.Reserved += ticket.Reserved;
        Key.Account.Spending.Reserved += ticket.Reserved;
        Writer.Queue.Add(ticket);
        return ticket;
    }

    /// <summary>Waits, and tells whether it was written.</summary>
    public static async Task<bool> IsWrittenAsync(ValueTask write)
    {
        try
        {
            await write.AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            return true;
        }
        catch (StorageUnavailableException)
        {
            return false;
        }
    }

    /// <inheritdoc cref="IsWrittenAsync"/>
    public Task<bool> TryFlushAsync() => IsWrittenAsync(new ValueTask(Writer.FlushAsync()));

    public async ValueTask DisposeAsync()
    {
        await Writer.StopAsync(CancellationToken.None);
        Writer.Dispose();
    }

    private sealed class Engine(Func<ILedgerStore> open) : IDatabaseEngine
    {
        public string Name => "bench";

        public string Retire() => throw new NotSupportedException();

        public ILedgerStore OpenLedger() => open();

        public string Location => "test";

        public string? Folder => null;

        public string LogLocation => "test";

        public bool IsSpaceLow() => false;

        public ILogStore OpenLog() => throw new NotSupportedException();

        public ILogReader OpenLogReader() => throw new NotSupportedException();

        public void DiscardLog() => throw new NotSupportedException();

        public IDatabaseCopies RequireCopies() => throw new NotSupportedException();
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
