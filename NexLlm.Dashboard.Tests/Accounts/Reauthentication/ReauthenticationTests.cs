using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Accounts.Reauthentication;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.Reauthentication;

public sealed class ReauthenticationTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static readonly Dictionary<string, Func<NexLlmApp, Actor, Task>> _critical = new()
    {
        ["offer an authenticator key"] = (app, actor) => app.TwoStep.OfferAsync(actor),
        ["replace recovery codes"] = (app, actor) => app.TwoStep.RenewRecoveryCodesAsync(actor),
        ["turn two-step verification off"] = (app, actor) => app.TwoStep.TurnOffAsync(actor),
        ["make an administrator"] = (app, actor) => app.Services.GetRequiredService<AccountAccess>().SetAdministratorAsync(actor, actor.AccountId!.Value, true),
        ["remove an administrator"] = (app, actor) => app.Services.GetRequiredService<AccountAccess>().SetAdministratorAsync(actor, -1, false),
        ["create a reset link"] = (app, actor) => app.Services.GetRequiredService<PasswordResets>().IssueAsync(actor, -1),
        ["reset somebody's factors"] = (app, actor) => app.Services.GetRequiredService<AccountFactors>().ResetAsync(actor, "nobody@example.com"),
        ["enter a provider key"] = (app, actor) => app.CreateChannelAsync(actor, providerKey: "sk-secret"),
        ["lead up to any of these"] = (app, actor) => app.Services.GetRequiredService<ReauthenticationService>().RequireAsync(actor),
    };

    public static TheoryData<string> Critical => [.. _critical.Keys];

    private ReauthenticationService Service => app.Services.GetRequiredService<ReauthenticationService>();

    [Theory]
    [MemberData(nameof(Critical))]
    public async Task What_is_critical_needs_a_proof_of_the_last_five_minutes(string operation)
    {
        var actor = await app.CreateActorAsync(administrator: true);

        app.Clock.Advance(ActingAccount.Grace);
        await _critical[operation](app, actor);
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<ReauthenticationRequiredException>(() => _critical[operation](app, actor));

        await app.AuthenticateAnewAsync(actor);
        await _critical[operation](app, actor);
    }

    [Fact]
    public async Task Changing_a_channels_provider_key_needs_it_and_keeping_the_key_does_not()
    {
        var actor = await app.CreateActorAsync(administrator: true);
        var channel = await app.CreateChannelAsync(actor, providerKey: "sk-secret");
        app.Clock.Advance(TimeSpan.FromHours(1));
        Task<SaveOutcome<ChannelDetails>> SaveAsync(ProviderKeyChange change, int priority) =>
            app.Channels.UpdateAsync(actor, channel.Id, channel.Version, channel.Settings() with { Priority = priority }, change, Stop);

        await Assert.ThrowsAsync<ReauthenticationRequiredException>(() => SaveAsync(new ProviderKeyChange.Set("sk-other"), 1));
        await Assert.ThrowsAsync<ReauthenticationRequiredException>(() => SaveAsync(new ProviderKeyChange.Remove(), 1));
        Assert.IsType<SaveOutcome<ChannelDetails>.Saved>(await SaveAsync(new ProviderKeyChange.Keep(), 2));
    }

    [Fact]
    public async Task The_password_proves_it_for_five_more_minutes()
    {
        var actor = await PersonAsync("password-proof@example.com");
        app.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(
            new ReauthenticationWays("password-proof@example.com", ByPassword: true, ByCode: false, LogInMethod.Password), await Service.FindWaysAsync(actor, Stop));
        Assert.IsType<ReauthenticationOutcome.Invalid>(await Service.ConfirmAsync(actor, new Proof.OfPassword(null), Stop));
        Assert.IsType<ReauthenticationOutcome.Invalid>(await Service.ConfirmAsync(actor, new Proof.OfPassword("wrong umbrella colours"), Stop));
        Assert.IsType<ReauthenticationOutcome.Invalid>(await Service.ConfirmAsync(actor, new Proof.OfCode("123456"), Stop));
        await Assert.ThrowsAsync<ReauthenticationRequiredException>(() => app.TwoStep.OfferAsync(actor, Stop));

        Assert.IsType<ReauthenticationOutcome.Confirmed>(await Service.ConfirmAsync(actor, new Proof.OfPassword(AccountVisitor.Password), Stop));
        await app.TwoStep.OfferAsync(actor, Stop);
        Assert.Equal(
            [AuditActions.AccountReauthenticationRefused, AuditActions.AccountReauthenticated],
            (await app.AuditAsync()).Where(e => e.OwnerId == actor.AccountId).Select(e => e.Action).TakeLast(2));
    }

    [Fact]
    public async Task So_does_a_code_once()
    {
        var actor = await PersonAsync("code-proof@example.com");
        var authenticator = await app.TurnOnTwoStepAsync(actor);
        app.Clock.Advance(TimeSpan.FromHours(1));
        var code = authenticator.Code;

        Assert.IsType<ReauthenticationOutcome.Confirmed>(await Service.ConfirmAsync(actor, new Proof.OfCode(code), Stop));
        Assert.IsType<ReauthenticationOutcome.Invalid>(await Service.ConfirmAsync(actor, new Proof.OfCode(code), Stop));
    }

    [Fact]
    public async Task Wrong_proofs_are_counted_with_wrong_current_passwords()
    {
        var actor = await PersonAsync("limited-proof@example.com");
        for (var guess = 0; guess < AccountService.PasswordTries; guess++)
        {
            Assert.IsType<ReauthenticationOutcome.Invalid>(await Service.ConfirmAsync(actor, new Proof.OfCode("123456"), Stop));
        }

        Assert.IsType<ReauthenticationOutcome.TooMany>(await Service.ConfirmAsync(actor, new Proof.OfPassword(AccountVisitor.Password), Stop));
        Assert.IsType<PasswordOutcome.TooMany>(await app.Services.GetRequiredService<AccountService>().ChangePasswordAsync(
            actor, AccountVisitor.Password, "eleven purple teapots", Stop));
    }

    [Fact]
    public async Task A_page_leads_to_the_confirmation_and_comes_back()
    {
        using var browser = new AccountVisitor(app);
        await browser.SignUpAsync("page-proof@example.com");
        app.Clock.Advance(TimeSpan.FromHours(1));

        var confirm = AccountVisitor.Target(await browser.GetAsync("/account/two-step?do=setup"));
        Assert.Equal("/account/confirm?returnUrl=%2Faccount%2Ftwo-step%3Fdo%3Dsetup", confirm);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SubmitAsync(confirm!, "confirm", ("Entry.Password", "wrong umbrella colours"))).StatusCode);
        Assert.Equal("/account/two-step?do=setup", AccountVisitor.Target(await browser.SubmitAsync(confirm!, "confirm", ("Entry.Password", AccountVisitor.Password))));
        Assert.Contains("<svg", await browser.ReadAsync("/account/two-step?do=setup"), StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<Actor> PersonAsync(string email)
    {
        await app.SignUpAsync(email);
        return await app.ActorOfAsync(email);
    }
}
