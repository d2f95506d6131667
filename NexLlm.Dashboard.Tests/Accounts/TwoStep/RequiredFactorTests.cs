using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Accounts.TwoStep;
using NexLlm.Dashboard.Tests.Authorization;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.TwoStep;

public sealed class RequiredFactorTests
{
    /// <summary>All that somebody can do who has yet to add a factor.</summary>
    private static readonly string[] _open =
    [
        "AccountService.ChangePasswordAsync", "AccountService.GetAsync", "PasskeyService.AddAsync", "PasskeyService.BeginAddingAsync", "PasskeyService.ListAsync",
        "ProviderConnections.ListAsync", "ReauthenticationService.ConfirmAsync", "ReauthenticationService.FindWaysAsync",
        "ReauthenticationService.RequireAsync", "SessionService.ListAsync", "SessionService.LogOutAsync", "SessionService.RevokeAsync",
        "SessionService.RevokeOthersAsync", "TwoStepService.GetAsync", "TwoStepService.OfferAsync", "TwoStepService.RenewRecoveryCodesAsync",
        "TwoStepService.TurnOffAsync", "TwoStepService.TurnOnAsync",
    ];

    [Fact]
    public async Task A_session_by_password_alone_can_set_a_factor_up_and_nothing_else()
    {
        await using var app = App("Everyone");
        List<string> open = [];
        foreach (var operation in Operations.All)
        {
            var scene = await StrongSceneAsync(app);
            var weak = await app.CreateActorAsync(administrator: true);
            try
            {
                await operation.Ask(scene, weak);
                open.Add(operation.Method);
            }
            catch (SecondFactorRequiredException)
            {
                // As it is to be.
            }
            catch (AccessDeniedException)
            {
                // The machine's operator alone may.
                Assert.Equal(Answer.Denied, operation.Administrator);
            }
        }

        Assert.Equal(_open, open.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Optional", false, false)]
    [InlineData("Administrators", false, true)]
    [InlineData("Everyone", true, true)]
    public async Task The_setting_says_of_whom_it_is_required(string setting, bool ofMembers, bool ofAdministrators)
    {
        await using var app = App(setting);

        foreach (var (administrator, required) in new[] { (false, ofMembers), (true, ofAdministrators) })
        {
            var actor = await app.CreateActorAsync(administrator: administrator);
            Assert.Equal(required, (await app.TwoStep.GetAsync(actor, Stop)).IsRequired);
            Assert.Equal(required, (await app.Services.GetRequiredService<AccountService>().GetAsync(actor, Stop)).LacksFactor);
            var error = await Record.ExceptionAsync(() => app.Keys.ListDeletedAsync(actor, Stop));
            Assert.Equal(required, error is SecondFactorRequiredException);
        }
    }

    [Fact]
    public async Task Setting_it_up_makes_the_session_a_strong_one_and_it_cannot_be_turned_off_again()
    {
        await using var app = App("Everyone");
        var actor = await app.CreateActorAsync();

        await app.TurnOnTwoStepAsync(actor);

        await app.Keys.ListDeletedAsync(actor, Stop);
        Assert.Equal(TurnOffOutcome.Required, await app.TwoStep.TurnOffAsync(actor, Stop));
    }

    [Fact]
    public async Task Whoever_is_made_an_administrator_needs_one_from_then_on()
    {
        await using var app = App("Administrators");
        var actor = await app.CreateActorAsync();
        await app.Keys.ListDeletedAsync(actor, Stop);

        await using (var db = await app.Contexts.CreateDbContextAsync(Stop))
        {
            await TestAccounts.MakeAdministratorAsync(db, actor.AccountId!.Value);
        }

        await Assert.ThrowsAsync<SecondFactorRequiredException>(() => app.Keys.ListDeletedAsync(actor, Stop));
    }

    [Fact]
    public async Task Pages_lead_to_the_set_up_while_the_account_and_the_log_out_stay_in_reach()
    {
        await using var app = App("Everyone");
        using var browser = new AccountVisitor(app);
        await browser.SignUpAsync("required@example.com");

        Assert.Equal("/account/two-step", AccountVisitor.Target(await browser.GetAsync("/keys")));
        Assert.Contains("Two-step verification is required for your account", await browser.ReadAsync("/account/two-step"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account/password")).StatusCode);
        Assert.Equal(SessionCookie.LogInPath, AccountVisitor.Target(await browser.SubmitAsync("/account", "/account/logout")));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static NexLlmApp App(string setting)
    {
        var app = new NexLlmApp();
        app.Settings["Accounts:SecondFactor"] = setting;
        return app;
    }

    /// <summary>A scene whose people have a factor, so that only who asks has none.</summary>
    private static async Task<Scene> StrongSceneAsync(NexLlmApp app) => await Scene.CreateAsync(app, LogInMethod.PasswordAndCode);
}
