using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Tests.TestKit;

public static class TestKeys
{
    extension(NexLlmApp app)
    {
        public KeyPolicyService Keys => app.Services.GetRequiredService<KeyPolicyService>();

        /// <summary>The group that every database has.</summary>
        public async Task<long> DefaultGroupAsync()
        {
            await using var db = await app.Contexts.CreateDbContextAsync();
            return await db.Set<ChannelGroup>().Where(g => g.Name == ChannelGroup.DefaultName).Select(g => g.Id).SingleAsync();
        }

        /// <summary>Creates a key through the service and expects that nothing is wrong with it.</summary>
        public async Task<CreateOutcome.Created> CreateKeyAsync(
            Actor actor, string name, Func<KeyPolicy, KeyPolicy>? restrict = null, Guid? requestId = null)
        {
            var policy = KeyPolicy.Unrestricted(await app.DefaultGroupAsync());
            var outcome = await app.Keys.CreateAsync(actor, new CreateKey(requestId ?? Guid.NewGuid(), name, restrict?.Invoke(policy) ?? policy));
            return outcome as CreateOutcome.Created ?? throw new InvalidOperationException($"Not created: {outcome}");
        }

        /// <summary>Writes what only the ledger may write, the charged tokens and the last use of a key, and tells it as the ledger does.</summary>
        public async Task UseKeyAsync(long id, long tokens, DateTimeOffset? at = null)
        {
            await using var db = await app.Contexts.CreateDbContextAsync();
            await using var transaction = await db.BeginWriteAsync();
            var instant = at ?? app.Clock.GetUtcNow();
            await db.Set<ApiKey>().Where(k => k.Id == id).ExecuteUpdateAsync(set => set
                .SetProperty(k => k.UsedTokens, k => k.UsedTokens + tokens)
                .SetProperty(k => k.LastUsedAt, instant));
            var owner = await db.Set<ApiKey>().Where(k => k.Id == id).Select(k => k.OwnerId).SingleAsync();
            await transaction.CommitAsync();
            app.Services.GetRequiredService<KeyChanges>().Publish(new(owner, [id], OnlyUsage: true));
        }

        /// <summary>The same for the key and its account.</summary>
        public async Task SpendAsync(Actor owner, long id, long tokens)
        {
            await app.UseKeyAsync(id, tokens);
            await using var db = await app.Contexts.CreateDbContextAsync();
            await using var transaction = await db.BeginWriteAsync();
            await db.Users.Where(a => a.Id == owner.AccountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.UsedTokens, a => a.UsedTokens + tokens));
            await transaction.CommitAsync();
        }

        public async Task<List<AuditEvent>> AuditAsync(long? keyId = null)
        {
            await using var db = await app.Contexts.CreateDbContextAsync();
            return await db.Set<AuditEvent>().Where(e => keyId == null || e.KeyId == keyId).OrderBy(e => e.Id).ToListAsync();
        }
    }
}
