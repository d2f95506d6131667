using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Accounts.TwoStep;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.LogIn;

public sealed class SecondFactorTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static int _addresses;

    private SecondFactorService Factors => app.Services.GetRequiredService<SecondFactorService>();

    [Fact]
    public async Task No_login_begins_before_the_code_is_right()
    {
        var (person, authenticator) = await PersonAsync("before@example.com");
        var before = await SessionsAsync(person);

        var asked = await EnterPasswordAsync("before@example.com");
        Assert.IsType<SecondFactorOutcome.Refused>(await VerifyAsync(asked, "000000" == authenticator.NextCode() ? "000001" : "000000"));
        Assert.Equal(before, await SessionsAsync(person));

        var entered = Assert.IsType<SecondFactorOutcome.LoggedIn>(await VerifyAsync(asked, authenticator.Code));

        Assert.Null(entered.RecoveryCodesLeft);
        Assert.Equal(before + 1, await SessionsAsync(person));
        await using var db = await app.Contexts.CreateDbContextAsync(Stop);
        Assert.Equal(LogInMethod.PasswordAndCode, (await db.Set<LoginSession>().SingleAsync(s => s.Id == entered.Login.SessionId, Stop)).Method);
        Assert.Equal(
            [AuditActions.AccountSecondFactorRefused, AuditActions.AccountLoggedIn],
            (await app.AuditAsync()).Where(e => e.OwnerId == person.AccountId).Select(e => e.Action).TakeLast(2));
        Assert.Contains("password and code", (await app.AuditAsync()).Last(e => e.OwnerId == person.AccountId).Changes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_reset_the_password_does_not_get_around_it()
    {
        var (person, authenticator) = await PersonAsync("linked@example.com");
        var link = await app.Services.GetRequiredService<PasswordResets>().IssueAsync(await app.CreateActorAsync(administrator: true), person.AccountId!.Value, Stop);
        using var browser = new AccountVisitor(app);

        var step = AccountVisitor.Target(await browser.SubmitAsync($"/account/reset?token={link!.Token}", "set-password", ("Entry.Password", "eleven purple teapots")));

        Assert.StartsWith("/account/second-factor?", step, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).StatusCode);
        Assert.Equal("/", AccountVisitor.Target(await browser.SubmitAsync(step!, "second-factor", ("Entry.Code", authenticator.NextCode()))));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task Of_1_000_replays_of_a_code_one_after_the_other_none_is_accepted()
    {
        var (_, authenticator) = await PersonAsync("replay@example.com");
        var asked = await EnterPasswordAsync("replay@example.com");
        var code = authenticator.NextCode();
        Assert.IsType<SecondFactorOutcome.LoggedIn>(await VerifyAsync(asked, code));

        var accepted = 0;
        for (var replay = 0; replay < 1_000; replay++)
        {
            accepted += await IsAcceptedAsync(asked.Id, code) ? 1 : 0;
        }

        Assert.Equal(0, accepted);
        // Nor does the service, which limits them besides.
        Assert.IsType<SecondFactorOutcome.Refused>(await VerifyAsync(asked, code));
    }

    [Fact]
    public async Task Of_1_000_uses_of_a_code_at_once_one_is_accepted()
    {
        var (_, authenticator) = await PersonAsync("race@example.com");
        var asked = await EnterPasswordAsync("race@example.com");
        var code = authenticator.NextCode();

        var accepted = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Task.Run(() => IsAcceptedAsync(asked.Id, code))));

        Assert.Single(accepted, right => right);
    }

    [Fact]
    public async Task A_code_older_than_the_last_one_used_is_refused()
    {
        var (_, authenticator) = await PersonAsync("older@example.com");
        var asked = await EnterPasswordAsync("older@example.com");
        var earlier = authenticator.NextCode();
        Assert.IsType<SecondFactorOutcome.LoggedIn>(await VerifyAsync(asked, authenticator.NextCode()));

        Assert.IsType<SecondFactorOutcome.Refused>(await VerifyAsync(asked, earlier));
    }

    [Fact]
    public async Task A_recovery_code_works_once_also_for_many_at_once()
    {
        var (person, authenticator) = await PersonAsync("recovery@example.com");
        var asked = await EnterPasswordAsync("recovery@example.com");
        var code = authenticator.RecoveryCodes[3].Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => VerifyAsync(asked, code, isRecoveryCode: true))));

        var entered = Assert.Single(outcomes.OfType<SecondFactorOutcome.LoggedIn>());
        Assert.Equal(9, entered.RecoveryCodesLeft);
        Assert.Equal(9, (await app.TwoStep.GetAsync(person, Stop)).RecoveryCodesLeft);
        Assert.Equal(7, outcomes.OfType<SecondFactorOutcome.Refused>().Count());
        await using var db = await app.Contexts.CreateDbContextAsync(Stop);
        Assert.Equal(LogInMethod.PasswordAndRecoveryCode, (await db.Set<LoginSession>().SingleAsync(s => s.Id == entered.Login.SessionId, Stop)).Method);
        Assert.Contains(AuditActions.AccountRecoveryCodeUsed, (await app.AuditAsync()).Where(e => e.OwnerId == person.AccountId).Select(e => e.Action));
    }

    [Fact]
    public async Task New_recovery_codes_void_the_earlier_ones()
    {
        var (person, authenticator) = await PersonAsync("renewed@example.com");
        var codes = await app.TwoStep.RenewRecoveryCodesAsync(person, Stop);
        var asked = await EnterPasswordAsync("renewed@example.com");

        Assert.IsType<SecondFactorOutcome.Refused>(await VerifyAsync(asked, authenticator.RecoveryCodes[0], isRecoveryCode: true));
        Assert.IsType<SecondFactorOutcome.LoggedIn>(await VerifyAsync(asked, codes![0], isRecoveryCode: true));
    }

    [Fact]
    public async Task A_password_that_was_changed_since_it_was_entered_is_no_first_step()
    {
        var (person, authenticator) = await PersonAsync("changed@example.com");
        var asked = await EnterPasswordAsync("changed@example.com");
        Assert.IsType<PasswordOutcome.Changed>(await app.Services.GetRequiredService<AccountService>().ChangePasswordAsync(
            person, AccountVisitor.Password, "eleven purple teapots", Stop));

        Assert.Null(await Factors.FindAsync(SomeVisitor(), asked, Stop));
        Assert.IsType<SecondFactorOutcome.Expired>(await VerifyAsync(asked, authenticator.NextCode()));
    }

    [Fact]
    public async Task Strangers_who_know_the_password_get_30_guesses_an_hour_and_do_not_keep_the_owner_out()
    {
        var (_, authenticator) = await PersonAsync("guessed@example.com");
        var asked = await EnterPasswordAsync("guessed@example.com");

        var outcomes = new List<SecondFactorOutcome>();
        for (var network = 0; network < 10; network++)
        {
            var stranger = SomeVisitor();
            for (var guess = 0; guess < 12; guess++)
            {
                outcomes.Add(await Factors.VerifyAsync(stranger, new SecondFactorRequest(asked, "none of them"), Stop));
            }
        }

        Assert.Equal(SecondFactorService.StrangersTries, outcomes.OfType<SecondFactorOutcome.Refused>().Count());
        Assert.Equal(120 - SecondFactorService.StrangersTries, outcomes.OfType<SecondFactorOutcome.TooMany>().Count());
        Assert.IsType<SecondFactorOutcome.TooMany>(await VerifyAsync(asked, authenticator.NextCode()));
        var cookie = app.Services.GetRequiredService<KnownBrowsers>().Issue("guessed@example.com");
        Assert.IsType<SecondFactorOutcome.LoggedIn>(
            await Factors.VerifyAsync(SomeVisitor(), new SecondFactorRequest(asked, authenticator.Code, BrowserCookie: cookie), Stop));
    }

    [Fact]
    public async Task A_known_browser_gets_ten_guesses_an_hour()
    {
        await PersonAsync("known-guesses@example.com");
        var asked = await EnterPasswordAsync("known-guesses@example.com");
        var cookie = app.Services.GetRequiredService<KnownBrowsers>().Issue("known-guesses@example.com");

        for (var guess = 0; guess < SecondFactorService.KnownBrowserTries; guess++)
        {
            Assert.IsType<SecondFactorOutcome.Refused>(await Factors.VerifyAsync(SomeVisitor(), new SecondFactorRequest(asked, "x", BrowserCookie: cookie), Stop));
        }

        Assert.IsType<SecondFactorOutcome.TooMany>(await Factors.VerifyAsync(SomeVisitor(), new SecondFactorRequest(asked, "x", BrowserCookie: cookie), Stop));
    }

    [Fact]
    public async Task A_browser_is_led_to_the_second_step_and_then_on_to_where_it_was_going()
    {
        var (_, authenticator) = await PersonAsync("browser@example.com");
        using var browser = new AccountVisitor(app);

        var step = AccountVisitor.Target(await browser.LogInAsync("browser@example.com", returnUrl: "/account?x=1"));
        Assert.StartsWith("/account/second-factor?", step, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).StatusCode);

        var wrong = await browser.SubmitAsync(step!, "second-factor", ("Entry.Code", "12345"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("Incorrect or used code", await wrong.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);

        Assert.Equal("/account?x=1", AccountVisitor.Target(await browser.SubmitAsync(step!, "second-factor", ("Entry.Code", authenticator.NextCode()))));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);

        // Remembered only if it was asked to be.
        await browser.SubmitAsync("/account", "/account/logout");
        Assert.StartsWith("/account/second-factor?", AccountVisitor.Target(await browser.LogInAsync("browser@example.com")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remembered_browser_is_not_asked_again_for_30_days_or_until_the_credentials_change()
    {
        var (person, authenticator) = await PersonAsync("remembered@example.com");
        using var browser = new AccountVisitor(app);
        var step = AccountVisitor.Target(await browser.LogInAsync("remembered@example.com", returnUrl: "/account"));
        await browser.SubmitAsync(step!, "second-factor", ("Entry.Code", authenticator.NextCode()), ("Entry.Remember", "true"));
        await browser.SubmitAsync("/account", "/account/logout");

        Assert.Equal("/account", AccountVisitor.Target(await browser.LogInAsync("remembered@example.com", returnUrl: "/account")));

        await app.AuthenticateAnewAsync(person);
        await app.TwoStep.TurnOffAsync(person, Stop);
        await app.TurnOnTwoStepAsync(person);
        using var later = new AccountVisitor(app);
        later.Cookies.Add(browser.Cookies.GetAllCookies());
        Assert.StartsWith("/account/second-factor?", AccountVisitor.Target(await later.LogInAsync("remembered@example.com")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_first_step_there_is_no_second_one()
    {
        using var visitor = new AccountVisitor(app);

        var answer = await visitor.GetAsync("/account/second-factor?returnUrl=%2Faccount");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("Log in again", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_that_comes_too_late_says_so()
    {
        var (_, authenticator) = await PersonAsync("late@example.com");
        using var browser = new AccountVisitor(app);
        var step = AccountVisitor.Target(await browser.LogInAsync("late@example.com"));
        var (action, values) = await browser.PrepareAsync(step!, "second-factor", ("Entry.Code", authenticator.NextCode()));
        foreach (Cookie cookie in browser.Cookies.GetAllCookies())
        {
            // As a browser does after its five minutes.
            cookie.Expired |= cookie.Name == "nexllm.second-factor";
        }

        var answer = await browser.PostAsync(action is "" ? step! : action, values);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("Your login has timed out.", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_cannot_be_decrypted_lets_nobody_in_by_the_password_alone()
    {
        var (person, authenticator) = await PersonAsync("lost-key@example.com");
        await using (var db = await app.Contexts.CreateDbContextAsync(Stop))
        {
            await db.UserTokens.Where(t => t.UserId == person.AccountId && t.Name == AccountStore.KeyName)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.Value, "CfDJ8nonsense"), Stop);
        }

        var asked = await EnterPasswordAsync("lost-key@example.com");
        Assert.IsType<SecondFactorOutcome.Refused>(await VerifyAsync(asked, authenticator.NextCode()));
        Assert.IsType<SecondFactorOutcome.LoggedIn>(await VerifyAsync(asked, authenticator.RecoveryCodes[0], isRecoveryCode: true));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Past the limits: what decides, in a write transaction as the service's.</summary>
    private async Task<bool> IsAcceptedAsync(long accountId, string code)
    {
        await using var identity = app.Services.GetRequiredService<IdentityManagers>().Begin();
        await identity.OpenKeyAsync(accountId, Stop);
        await using var transaction = await identity.Db.BeginWriteAsync(Stop);
        var account = await identity.AccountAsync(accountId);
        var right = await identity.Users.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, code);
        await identity.Db.SaveChangesAsync(Stop);
        await transaction.CommitAsync(Stop);
        return right;
    }

    private async Task<(Actor Person, Authenticator Authenticator)> PersonAsync(string email)
    {
        await app.SignUpAsync(email);
        var person = await app.ActorOfAsync(email);
        return (person, await app.TurnOnTwoStepAsync(person));
    }

    private async Task<StampedAccount> EnterPasswordAsync(string email) => Assert.IsType<LogInOutcome.SecondFactorNeeded>(
        await app.Services.GetRequiredService<LogInService>().LogInAsync(SomeVisitor(), new LogInRequest(email, AccountVisitor.Password), Stop)).Account;

    private Task<SecondFactorOutcome> VerifyAsync(StampedAccount asked, string code, bool isRecoveryCode = false) =>
        Factors.VerifyAsync(SomeVisitor(), new SecondFactorRequest(asked, code, isRecoveryCode), Stop);

    private async Task<int> SessionsAsync(Actor person)
    {
        await using var db = await app.Contexts.CreateDbContextAsync(Stop);
        return await db.Set<LoginSession>().CountAsync(s => s.AccountId == person.AccountId, Stop);
    }

    private static Actor SomeVisitor()
    {
        var number = Interlocked.Increment(ref _addresses);
        return Actor.Visitor(new IPAddress([10, 2, (byte)(number >> 8), (byte)number]));
    }
}
