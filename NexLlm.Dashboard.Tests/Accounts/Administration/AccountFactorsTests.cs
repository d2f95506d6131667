using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.Administration;

public sealed class AccountFactorsTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private AccountFactors Factors => app.Services.GetRequiredService<AccountFactors>();

    [Fact]
    public async Task An_administrator_takes_a_lost_phone_away_and_the_person_is_told()
    {
        var administrator = await app.CreateActorAsync(administrator: true);
        using var browser = new AccountVisitor(app);
        await browser.SignUpAsync("lost@example.com");
        var person = await app.ActorOfAsync("lost@example.com");
        await app.TurnOnTwoStepAsync(person);

        var outcome = await Factors.ResetAsync(administrator, "Lost@Example.com", Stop);

        Assert.Equal(new FactorResetOutcome.Done("lost@example.com", 1), outcome);
        await Assert.ThrowsAsync<AccessDeniedException>(() => app.TwoStep.GetAsync(person, Stop));
        // Or nobody could tell which login is the later one.
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("/account", AccountVisitor.Target(await browser.LogInAsync("lost@example.com", returnUrl: "/account")));
        Assert.Contains("An administrator reset your two-step verification", await browser.ReadAsync("/account"), StringComparison.Ordinal);
        var recorded = (await app.AuditAsync()).Last(e => e.Action == AuditActions.AccountFactorsReset);
        Assert.Equal((administrator.AccountId, person.AccountId), (recorded.ActorId, recorded.OwnerId));

        var again = await app.ActorOfAsync("lost@example.com");
        await app.TurnOnTwoStepAsync(again);
        Assert.DoesNotContain("An administrator reset", await browser.ReadAsync("/account"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_leaves_neither_a_key_nor_a_code_nor_a_passkey_and_the_old_code_is_no_way_in()
    {
        var person = await app.CreateActorAsync("left@example.com");
        await app.TurnOnTwoStepAsync(person);
        await using var db = await app.Contexts.CreateDbContextAsync(Stop);
        db.Add(new Microsoft.AspNetCore.Identity.IdentityUserPasskey<long> { UserId = person.AccountId!.Value, CredentialId = [1, 2, 3], Data = new() });
        await db.SaveChangesAsync(Stop);
        var stamp = await db.Users.Where(a => a.Id == person.AccountId).Select(a => a.SecurityStamp).SingleAsync(Stop);

        Assert.IsType<FactorResetOutcome.Done>(await Factors.ResetAsync(Actor.Machine, "left@example.com", Stop));

        Assert.False(await db.UserTokens.AnyAsync(t => t.UserId == person.AccountId, Stop));
        Assert.False(await db.UserPasskeys.AnyAsync(p => p.UserId == person.AccountId, Stop));
        Assert.Null(await app.Services.GetRequiredService<SecondFactorService>().FindAsync(
            Actor.Visitor(null), new StampedAccount(person.AccountId.Value, stamp!), Stop));
        Assert.Equal(new FactorResetOutcome.None("left@example.com"), await Factors.ResetAsync(Actor.Machine, "left@example.com", Stop));
        Assert.IsType<FactorResetOutcome.UnknownAccount>(await Factors.ResetAsync(Actor.Machine, "nobody@example.com", Stop));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
