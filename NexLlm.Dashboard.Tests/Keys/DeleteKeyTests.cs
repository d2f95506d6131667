using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Keys;

public sealed class DeleteKeyTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deleted_key_is_gone_at_once_and_comes_back_the_same()
    {
        var actor = await app.CreateActorAsync();
        var created = await app.CreateKeyAsync(actor, "oops", policy => policy with { TokenLimit = 77 });
        var id = created.Key.Id;

        Assert.Equal(1, await app.Keys.DeleteAsync(actor, [id], Cancellation));
        Assert.Null(await app.Keys.FindAsync(actor, id, Cancellation));
        Assert.Equal(0, (await app.Keys.CountAsync(actor, null, Cancellation))[KeyFilter.All]);
        Assert.Equal(id, Assert.Single(await app.Keys.ListDeletedAsync(actor, Cancellation)).Id);
        Assert.Equal(0, await app.Keys.DeleteAsync(actor, [id], Cancellation));

        app.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        var undone = await app.Keys.RestoreAsync(actor, [id], Cancellation);

        Assert.Equal(created.Key.Policy, Assert.Single(undone.Restored).Policy);
        Assert.Equal(id, (await app.Keys.RecogniseAsync(actor, created.Secret.Reveal(), Cancellation))!.Id);
        Assert.Equal(
            [AuditActions.KeyCreated, AuditActions.KeyDeleted, AuditActions.KeyRestored], (await app.AuditAsync(id)).Select(e => e.Action));
    }

    [Fact]
    public async Task After_its_time_a_deleted_key_stays_deleted_and_its_policy_is_dropped_but_not_its_hash()
    {
        var actor = await app.CreateActorAsync();
        var created = await app.CreateKeyAsync(actor, "too-late", policy => policy with { TokenLimit = 77 });
        await app.Keys.DeleteAsync(actor, [created.Key.Id], Cancellation);
        app.Clock.Advance(TimeSpan.FromHours(24));

        Assert.Equal(1, (await app.Keys.RestoreAsync(actor, [created.Key.Id], Cancellation)).TooLate);
        Assert.Empty(await app.Keys.ListDeletedAsync(actor, Cancellation));

        await app.Services.GetRequiredService<DeletedKeyPurge>().PurgeAsync(Cancellation);
        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        var row = await db.Set<ApiKey>().SingleAsync(k => k.Id == created.Key.Id, Cancellation);
        Assert.NotNull(row.PurgedAt);
        Assert.Null(row.TokenLimit);
        Assert.Equal(created.Secret.Hash, row.SecretHash);
    }

    [Fact]
    public async Task Restored_keys_whose_names_were_taken_get_names_of_their_own()
    {
        var actor = await app.CreateActorAsync();
        var longName = new string('n', 64);
        var ids = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await app.CreateKeyAsync(actor, longName)).Key.Id);
            await app.Keys.DeleteAsync(actor, [ids[i]], Cancellation);
        }

        var names = (await app.Keys.RestoreAsync(actor, ids, Cancellation)).Restored.Select(k => k.Name).ToList();

        Assert.Equal([longName, new string('n', 53) + " (restored)", new string('n', 51) + " (restored 2)"], names);
        Assert.All(names, name => Assert.InRange(name.Length, 1, 64));
    }

    [Fact]
    public async Task Many_keys_are_disabled_enabled_and_deleted_in_one_go()
    {
        var actor = await app.CreateActorAsync();
        var ids = new List<long>();
        for (var i = 0; i < 30; i++)
        {
            ids.Add((await app.CreateKeyAsync(actor, $"many-{i}")).Key.Id);
        }

        Assert.Equal(30, await app.Keys.SetEnabledAsync(actor, ids, enabled: false, Cancellation));
        Assert.Equal(30, (await app.Keys.CountAsync(actor, null, Cancellation))[KeyFilter.Disabled]);
        Assert.Equal(30, await app.Keys.SetEnabledAsync(actor, ids, enabled: true, Cancellation));
        Assert.Equal(30, (await app.Keys.CountAsync(actor, null, Cancellation))[KeyFilter.Active]);
        Assert.Equal(30, await app.Keys.DeleteAsync(actor, ids, Cancellation));
        Assert.Equal(30, (await app.Keys.RestoreAsync(actor, ids, Cancellation)).Restored.Count);
    }

    [Fact]
    public async Task Listeners_hear_of_every_change_after_it_is_durable()
    {
        var actor = await app.CreateActorAsync();
        var heard = new List<long>();
        using var subscription = app.Services.GetRequiredService<KeyChanges>().Subscribe(change =>
        {
            if (change.OwnerId == actor.AccountId)
            {
                heard.AddRange(change.KeyIds);
            }
        });

        var key = (await app.CreateKeyAsync(actor, "heard")).Key;
        await app.Keys.EditAsync(actor, new EditKey(key.Id, key.Version, Name: "heard-2"), Cancellation);
        await app.Keys.SetEnabledAsync(actor, [key.Id], enabled: false, Cancellation);
        await app.Keys.DeleteAsync(actor, [key.Id], Cancellation);
        await app.Keys.RestoreAsync(actor, [key.Id], Cancellation);

        Assert.Equal(Enumerable.Repeat(key.Id, 5), heard);
    }
}
