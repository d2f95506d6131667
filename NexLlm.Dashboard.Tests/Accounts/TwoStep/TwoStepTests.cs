using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.TwoStep;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.TwoStep;

public sealed class TwoStepTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task The_first_code_turns_it_on_ends_the_other_logins_and_gives_ten_recovery_codes()
    {
        var actor = await app.CreateActorAsync();
        var elsewhere = await AnotherLoginAsync(actor);

        var authenticator = await app.TurnOnTwoStepAsync(actor);

        Assert.Equal(RecoveryCodes.Count, authenticator.RecoveryCodes.Distinct().Count());
        Assert.Equal(new TwoStepView(IsOn: true, RecoveryCodes.Count, IsRequired: false, HasPasskey: false, ResetAt: null), await app.TwoStep.GetAsync(actor, Stop));
        await Assert.ThrowsAsync<AccessDeniedException>(() => app.TwoStep.GetAsync(elsewhere, Stop));
        await using var db = await app.Contexts.CreateDbContextAsync(Stop);
        Assert.Equal(LogInMethod.PasswordAndCode, (await db.Set<LoginSession>().SingleAsync(s => s.Id == actor.SessionId, Stop)).Method);
        Assert.Equal(AuditActions.AccountTwoStepOn, (await app.AuditAsync()).Last(e => e.OwnerId == actor.AccountId).Action);
    }

    [Fact]
    public async Task Neither_the_key_nor_a_recovery_code_can_be_read_in_the_database()
    {
        var authenticator = await app.TurnOnTwoStepAsync(await app.CreateActorAsync());

        var stored = await app.StoredTextAsync();

        Assert.Contains("RecoveryCodes", stored, StringComparison.Ordinal);
        Assert.All([authenticator.Key, .. authenticator.RecoveryCodes], secret =>
        {
            Assert.DoesNotContain(secret, stored, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(secret.Replace("-", "", StringComparison.Ordinal), stored, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task A_wrong_code_stores_nothing_and_the_offer_stays_good()
    {
        var actor = await app.CreateActorAsync();
        var offer = await app.TwoStep.OfferAsync(actor, Stop);
        var right = Authenticator.CodeOf(offer.Key, app.Clock.GetUtcNow());

        foreach (var wrong in (string?[])[null, "", "000000" == right ? "000001" : "000000", "12345", right + "0"])
        {
            var outcome = Assert.IsType<TurnOnOutcome.WrongCode>(await app.TwoStep.TurnOnAsync(actor, offer.Ticket, wrong, Stop));
            Assert.Equal(offer, outcome.Offer);
        }

        await using (var db = await app.Contexts.CreateDbContextAsync(Stop))
        {
            Assert.False(await db.UserTokens.AnyAsync(t => t.UserId == actor.AccountId, Stop));
        }

        Assert.IsType<TurnOnOutcome.Done>(await app.TwoStep.TurnOnAsync(actor, offer.Ticket, right, Stop));
    }

    [Fact]
    public async Task An_offer_is_good_for_ten_minutes_in_the_session_that_asked_for_it_and_once()
    {
        var (actor, other) = (await app.CreateActorAsync(), await app.CreateActorAsync());
        var offer = await app.TwoStep.OfferAsync(actor, Stop);
        Task<TurnOnOutcome> TurnOnAsync(Actor who, string? ticket) =>
            app.TwoStep.TurnOnAsync(who, ticket, Authenticator.CodeOf(offer.Key, app.Clock.GetUtcNow()), Stop);

        foreach (var ticket in (string?[])[null, "", "nonsense", offer.Ticket[..^4] + "AAAA"])
        {
            Assert.IsType<TurnOnOutcome.OfferExpired>(await TurnOnAsync(actor, ticket));
        }

        Assert.IsType<TurnOnOutcome.OfferExpired>(await TurnOnAsync(other, offer.Ticket));
        app.Clock.Advance(TwoStepService.OfferLifetime - TimeSpan.FromSeconds(1));
        Assert.IsType<TurnOnOutcome.Done>(await TurnOnAsync(actor, offer.Ticket));
        Assert.IsType<TurnOnOutcome.AlreadyOn>(await TurnOnAsync(actor, offer.Ticket));

        var late = await app.TwoStep.OfferAsync((await AuthenticatedAnewAsync(other)), Stop);
        app.Clock.Advance(TwoStepService.OfferLifetime);
        Assert.IsType<TurnOnOutcome.OfferExpired>(await app.TwoStep.TurnOnAsync(other, late.Ticket, Authenticator.CodeOf(late.Key, app.Clock.GetUtcNow()), Stop));
    }

    [Fact]
    public async Task Turned_off_it_leaves_nothing_behind()
    {
        var actor = await app.CreateActorAsync();
        await app.TurnOnTwoStepAsync(actor);
        var elsewhere = await AnotherLoginAsync(actor);

        Assert.Equal(TurnOffOutcome.Done, await app.TwoStep.TurnOffAsync(actor, Stop));

        Assert.False((await app.TwoStep.GetAsync(actor, Stop)).IsOn);
        await Assert.ThrowsAsync<AccessDeniedException>(() => app.TwoStep.GetAsync(elsewhere, Stop));
        Assert.Null(await app.TwoStep.RenewRecoveryCodesAsync(actor, Stop));
        await using var db = await app.Contexts.CreateDbContextAsync(Stop);
        Assert.False(await db.UserTokens.AnyAsync(t => t.UserId == actor.AccountId, Stop));
        Assert.Equal(TurnOffOutcome.Done, await app.TwoStep.TurnOffAsync(actor, Stop));
    }

    [Fact]
    public void The_key_is_drawn_as_a_picture_and_written_in_groups_of_four()
    {
        var offer = new AuthenticatorOffer("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "ada lovelace+x@example.com", "ticket");

        Assert.Equal("ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567", offer.KeyToType);
        Assert.StartsWith("otpauth://totp/NexLLM:ada%20lovelace%2Bx%40example.com?secret=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567&issuer=NexLLM", offer.Address, StringComparison.Ordinal);
        Assert.StartsWith("<svg", offer.Picture(), StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<Actor> AuthenticatedAnewAsync(Actor actor)
    {
        await app.AuthenticateAnewAsync(actor);
        return actor;
    }

    private async Task<Actor> AnotherLoginAsync(Actor actor)
    {
        await using var db = await app.Contexts.CreateDbContextAsync(Stop);
        var now = app.Clock.GetUtcNow();
        var stamp = await db.Users.Where(a => a.Id == actor.AccountId).Select(a => a.SecurityStamp).SingleAsync(Stop);
        var session = db.Add(new LoginSession
        {
            Id = Guid.NewGuid(),
            AccountId = actor.AccountId!.Value,
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = now.AddDays(1),
            AuthenticatedAt = now,
            SecurityStamp = stamp,
        }).Entity;
        await db.SaveChangesAsync(Stop);
        return actor with { SessionId = session.Id };
    }
}
