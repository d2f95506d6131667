using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.TestKit;

public static class TestLedger
{
    extension(NexLlmApp app)
    {
        public UsageLedger Ledger => app.Services.GetRequiredService<UsageLedger>();

        public KeyDirectory Directory => app.Services.GetRequiredService<KeyDirectory>();

        /// <summary>The key as a request finds it.</summary>
        public async Task<LiveKey> LiveAsync(CreateOutcome.Created created) =>
            await app.Directory.FindAsync(KeyHash.Of(created.Secret.Hash), TestContext.Current.CancellationToken)
            ?? throw new InvalidOperationException("A new key is not found.");

        /// <summary>Reserves prompt + output tokens at the plain price.</summary>
        public Verdict TryReserve(LiveKey key, long prompt, long output, out ChargeTicket? ticket, long ratioMillionths = 1_000_000) =>
            app.Ledger.TryReserve(
                key,
                new ReservationRequest(Guid.NewGuid().ToString("N"), key.Snapshot.Policy.GroupId, "nexllm-echo", ratioMillionths, prompt, output, app.Clock.GetUtcNow()),
                out ticket);

        /// <summary>The same, for a request that has to be allowed.</summary>
        public ChargeTicket Reserve(LiveKey key, long prompt, long output, long ratioMillionths = 1_000_000)
        {
            Assert.Equal(Verdict.Allowed, app.TryReserve(key, prompt, output, out var ticket, ratioMillionths));
            return ticket!;
        }

        /// <summary>Brings the counters in the file up to what is settled.</summary>
        public Task FlushAsync() => app.Services.GetRequiredService<LedgerWriter>().FlushAsync();

        /// <summary>Every counter in the file is what its charges add up to; for the end of any test that charges.</summary>
        public async Task VerifyAsync()
        {
            await app.FlushAsync();
            Assert.Empty(await app.Services.GetRequiredService<LedgerVerification>().FindDriftAsync(TestContext.Current.CancellationToken));
        }

        public async Task<List<Charge>> ChargesAsync(long keyId)
        {
            await using var db = await app.Contexts.CreateDbContextAsync();
            return await db.Set<Charge>().AsNoTracking().Where(c => c.KeyId == keyId).OrderBy(c => c.Id).ToListAsync();
        }

        /// <summary>What the disk would hold if the process were killed now, in a folder of its own. Nobody may be writing.</summary>
        public TemporaryFolder CopyAsIfKilled()
        {
            var copy = new TemporaryFolder();
            if (TestEngine.IsPostgres)
            {
                Task.Run(() => copy.CopyDatabaseAsync(app.Folder)).GetAwaiter().GetResult();
                return copy;
            }

            foreach (var file in System.IO.Directory.EnumerateFiles(app.Folder.Path).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal) && !f.EndsWith("-shm", StringComparison.Ordinal)))
            {
                File.Copy(file, copy.File(Path.GetFileName(file)));
            }

            return copy;
        }

        /// <summary>The counter in the file.</summary>
        public async Task<long> StoredUseAsync(long keyId)
        {
            await using var db = await app.Contexts.CreateDbContextAsync();
            return await db.Set<ApiKey>().Where(k => k.Id == keyId).Select(k => k.UsedTokens).SingleAsync();
        }
    }

    /// <summary>As an upstream reported it.</summary>
    public static ValueTask SettleAsync(this ChargeTicket ticket, long input, long output) =>
        ticket.SettleAsync(new Settlement(input, output, UsageSource.Upstream));
}
