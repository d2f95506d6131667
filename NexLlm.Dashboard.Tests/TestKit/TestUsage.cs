using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.TestKit;

public static class TestUsage
{
    /// <summary>A request that a key's owner was charged for, at the plain price.</summary>
    public static Charge Charge(KeyDetails key, DateTimeOffset settledAt, string model = "nexllm-echo", long input = 10, long output = 5) => new()
    {
        RequestId = Guid.NewGuid().ToString("N"),
        KeyId = key.Id,
        AccountId = key.OwnerId,
        GroupId = key.Policy.GroupId,
        Model = model,
        State = ChargeState.Settled,
        RatioMillionths = 1_000_000,
        InputTokens = input,
        OutputTokens = output,
        ChargedTokens = input + output,
        StartedAt = settledAt,
        SettledAt = settledAt,
        Settlement = 0,
    };

    extension(NexLlmApp app)
    {
        /// <summary>Writes charges of any time into the ledger, with all that counts them.</summary>
        public async Task ImportAsync(params IReadOnlyList<Charge> charges)
        {
            await using var db = await app.Contexts.CreateDbContextAsync();
            await using var transaction = await db.BeginWriteAsync();
            foreach (var account in charges.GroupBy(c => c.AccountId))
            {
                await app.Ledger.ImportAsync(db, account.Key, [.. account], TestContext.Current.CancellationToken);
            }

            foreach (var key in charges.GroupBy(c => c.KeyId))
            {
                var used = key.Sum(c => c.ChargedTokens);
                await db.Set<ApiKey>().Where(k => k.Id == key.Key).ExecuteUpdateAsync(set => set.SetProperty(k => k.UsedTokens, k => k.UsedTokens + used));
            }

            await transaction.CommitAsync();
        }
    }
}
