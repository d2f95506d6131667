using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts;

public sealed class AccountChangesTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_command_beside_the_server_did_is_told_within_a_second()
    {
        var ada = (await app.CreateActorAsync(tokenLimit: 5)).AccountId!.Value;
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = app.Services.GetRequiredService<AccountChanges>().Subscribe(account =>
        {
            if (account == ada)
            {
                told.TrySetResult();
            }
        });

        // As another process does it: in the database, and without a word to this one.
        await using (var db = await app.Contexts.CreateDbContextAsync(_cancellation))
        {
            (await db.Users.SingleAsync(a => a.Id == ada, _cancellation)).TokenLimit = 7;
            AuditTrail.Record(db, Actor.Machine, app.Clock.GetUtcNow(), AuditActions.AccountQuotaGranted, ada, null, new AuditChange("tokenLimit", 5, 7));
            await db.SaveChangesAsync(_cancellation);
        }

        Assert.False(told.Task.IsCompleted);
        app.Clock.Advance(TimeSpan.FromSeconds(1));

        await told.Task.WaitAsync(TimeSpan.FromSeconds(30), _cancellation);
        Assert.Equal(7, (await app.Services.GetRequiredService<AccountDirectory>().FindAsync(ada, _cancellation)).State.TokenLimit);
    }
}
