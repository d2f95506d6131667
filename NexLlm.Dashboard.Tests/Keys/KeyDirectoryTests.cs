using System.Security.Cryptography;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Keys;

public sealed class KeyDirectoryTests : IAsyncDisposable
{
    private readonly CommandCounter _commands = new();
    private readonly NexLlmApp _app;

    public KeyDirectoryTests() => _app = new NexLlmApp { ConfigureServices = services => _commands.Watch(services) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_secret_that_nobody_has_costs_no_command_and_a_known_key_costs_none_after_its_first_use()
    {
        var key = await _app.CreateKeyAsync(await _app.CreateActorAsync(), "production");
        var hash = KeyHash.Of(key.Secret.Hash);
        var live = await _app.LiveAsync(key);
        var before = _commands.Count;

        for (var i = 0; i < 10_000; i++)
        {
            Assert.Null(await _app.Directory.FindAsync(KeyHash.Of(RandomNumberGenerator.GetBytes(KeyHash.Size)), Cancellation));
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            Assert.NotNull(await _app.Directory.FindAsync(hash, Cancellation));
        }

        Assert.Equal(0, (GC.GetAllocatedBytesForCurrentThread() - allocated) / 10_000);
        Assert.Same(live, await _app.Directory.FindAsync(hash, Cancellation));
        Assert.Equal(before, _commands.Count);
    }

    [Fact]
    public async Task Keys_of_an_earlier_start_are_known()
    {
        using var folder = new TemporaryFolder();
        CreateOutcome.Created key;
        await using (var first = new NexLlmApp { LastingFolder = folder })
        {
            key = await first.CreateKeyAsync(await first.CreateActorAsync(), "production");
        }

        await using var second = new NexLlmApp { LastingFolder = folder };
        Assert.Equal("production", (await second.LiveAsync(key)).Name);
    }

    [Fact]
    public async Task Every_change_binds_the_next_request()
    {
        var owner = await _app.CreateActorAsync();
        var created = await _app.CreateKeyAsync(owner, "production");
        var live = await _app.LiveAsync(created);
        var version = created.Key.Version;

        for (var round = 0; round < Scale.Of(50, 1_000); round++)
        {
            var limit = 1_000L + round;
            Assert.IsType<EditOutcome.Saved>(await _app.Keys.EditAsync(
                owner, new EditKey(live.Id, version++, Quota: new QuotaChange.SetLimit(limit)), Cancellation));
            Assert.Same(live, await _app.LiveAsync(created));
            Assert.Equal(limit, live.Snapshot.Policy.TokenLimit);
        }

        await _app.Keys.SetEnabledAsync(owner, [live.Id], enabled: false, Cancellation);
        Assert.False((await _app.LiveAsync(created)).Snapshot.Enabled);
        await _app.Keys.DeleteAsync(owner, [live.Id], Cancellation);
        Assert.True((await _app.LiveAsync(created)).IsDeleted);
        await _app.Keys.RestoreAsync(owner, [live.Id], Cancellation);
        Assert.False((await _app.LiveAsync(created)).IsDeleted);
    }

    [Fact]
    public async Task A_reading_that_a_change_overtakes_is_repeated()
    {
        var owner = await _app.CreateActorAsync();
        var created = await _app.CreateKeyAsync(owner, "production");
        var overtaken = 0;
        _commands.BeforeReading = async sql =>
        {
            // The row has been read, and is about to be handed over, when the key is disabled.
            if (sql.Contains("SecretHash", StringComparison.OrdinalIgnoreCase) && Interlocked.Exchange(ref overtaken, 1) == 0)
            {
                Assert.Equal(1, await _app.Keys.SetEnabledAsync(owner, [created.Key.Id], enabled: false, Cancellation));
            }
        };

        var live = await _app.LiveAsync(created);

        Assert.Equal(1, overtaken);
        Assert.False(live.Snapshot.Enabled);
    }

    [Fact]
    public async Task Edits_that_race_with_requests_are_never_seen_late()
    {
        var owner = await _app.CreateActorAsync();
        var created = await _app.CreateKeyAsync(owner, "production");
        var hash = KeyHash.Of(created.Secret.Hash);
        var saved = 0L;
        var ended = false;
        var requests = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var seen = 0;
            while (!Volatile.Read(ref ended))
            {
                var atLeast = Volatile.Read(ref saved);
                var live = await _app.Directory.FindAsync(hash, Cancellation);
                Assert.True((live!.Snapshot.Policy.TokenLimit ?? 0) >= atLeast, "An edit that had returned was not seen.");
                seen++;
            }

            return seen;
        }, Cancellation)).ToList();

        for (var round = 1; round <= Scale.Of(100, 1_000); round++)
        {
            await _app.Keys.EditAsync(owner, new EditKey(created.Key.Id, round, Quota: new QuotaChange.SetLimit(round)), Cancellation);
            Volatile.Write(ref saved, round);
        }

        ended = true;
        Assert.NotEqual(0, (await Task.WhenAll(requests)).Sum());
    }

    [Fact]
    public async Task More_quota_for_the_account_is_seen_by_the_next_request_whoever_gives_it()
    {
        var owner = await _app.CreateActorAsync("owner@example.com", tokenLimit: 0);
        var created = await _app.CreateKeyAsync(owner, "production");
        var live = await _app.LiveAsync(created);
        Assert.Equal(Verdict.InsufficientAccountQuota, _app.TryReserve(live, 1, 1, out _));

        await _app.Services.GetRequiredService<AccountQuotas>().GrantAsync(Actor.Machine, "owner@example.com", 100, Cancellation);
        Assert.Equal(100, (await _app.LiveAsync(created)).Account.State.TokenLimit);

        // Another process writes, and tells nobody but the audit.
        await using (var db = await _app.Contexts.CreateDbContextAsync(Cancellation))
        {
            await db.Users.ExecuteUpdateAsync(set => set.SetProperty(a => a.TokenLimit, 300), Cancellation);
            AuditTrail.Record(db, Actor.Machine, _app.Clock.GetUtcNow(), AuditActions.AccountQuotaGranted, owner.AccountId);
            await db.SaveChangesAsync(Cancellation);
        }

        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var last = _app.Services.GetRequiredService<AuditEvents>().Subscribe(recorded =>
        {
            if (recorded.Changes is null && recorded.Action == AuditActions.AccountQuotaGranted)
            {
                heard.TrySetResult();
            }
        });
        _app.Clock.Advance(TimeSpan.FromSeconds(1));
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Equal(300, (await _app.LiveAsync(created)).Account.State.TokenLimit);
    }

    [Fact]
    public async Task What_remains_is_set_from_what_is_used_this_moment()
    {
        var owner = await _app.CreateActorAsync();
        var created = await _app.CreateKeyAsync(owner, "production");
        await _app.Reserve(await _app.LiveAsync(created), 100, 100).SettleAsync(70, 7);

        var outcome = await _app.Keys.EditAsync(owner, new EditKey(created.Key.Id, 1, Quota: new QuotaChange.SetRemaining(1_000)), Cancellation);

        Assert.Equal(1_077, Assert.IsType<EditOutcome.Saved>(outcome).Key.Policy.TokenLimit);
        await _app.VerifyAsync();
    }

    [Fact]
    public void Known_hashes_are_found_and_others_are_not()
    {
        Gen.ULong.Array[0, 3_000].Select(Gen.ULong.Array[100]).Sample(
            (known, others) =>
            {
                var hashes = new KnownHashes();
                foreach (var hash in known)
                {
                    hashes.Add(hash);
                }

                return known.All(hashes.Contains) && !others.Except(known).Where(o => o > 1).Any(hashes.Contains)
                    && hashes.Count == known.Select(h => h == 0 ? 1 : h).Distinct().Count();
            },
            iter: Scale.Of(50, 1_000));
    }
}
