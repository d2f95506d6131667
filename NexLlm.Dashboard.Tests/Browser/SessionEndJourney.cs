using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>The end of a login is the end of what its tabs can do.</summary>
public sealed class SessionEndJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public async Task A_login_that_another_browser_ends_leads_its_tabs_to_the_log_in_page_and_back()
    {
        var lost = await SignUpAsync("revoked");
        await lost.Page.OpenAsync("keys?show=disabled");
        var here = await VisitorAsync();
        await here.LogInAsync(lost.Email);
        await here.Page.InteractiveAsync();
        await here.Page.GotoAsync("account");
        await here.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { NameString = "Log out Chrome on Linux, from" }).ClickAsync();
        await Expect(here.Page.GetByText("Session logged out.")).ToBeVisibleAsync();

        await Expect(lost.Page.Heading("Log in")).ToBeVisibleAsync();
        await lost.Page.LogInAsync(lost.Email, Password);
        await lost.Page.InteractiveAsync();
        Assert.EndsWith("keys?show=disabled", lost.Page.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task A_changed_password_ends_every_other_login_and_keeps_this_one()
    {
        var here = await SignUpAsync("password");
        var there = await VisitorAsync();
        await there.LogInAsync(here.Email);
        await there.Page.InteractiveAsync();
        var second = await there.NewTabAsync("keys/new");
        await second.InteractiveAsync();

        await here.Page.GotoAsync("account/password");
        await here.Page.Field("Current password").FillAsync(Password);
        await here.Page.Field("New password").FillAsync("seven copper kettles singing");
        await here.Page.Button("Change password").ClickAsync();
        await Expect(here.Page.GetByText("Password changed. All other sessions were logged out.")).ToBeVisibleAsync();
        await here.Page.OpenAsync("keys");

        await Expect(there.Page.Heading("Log in")).ToBeVisibleAsync();
        await Expect(second.Heading("Log in")).ToBeVisibleAsync();
        there.Foresee("400 (Bad Request)");
        await there.LogInAsync(here.Email);
        await Expect(there.Page.GetByText("Incorrect email or password.")).ToBeVisibleAsync();
        await there.LogInAsync(here.Email, "seven copper kettles singing");
        await there.Page.InteractiveAsync();
    }

    [BrowserFact]
    public async Task A_login_that_ended_unheard_of_changes_nothing_more_and_its_tabs_close_within_a_minute()
    {
        var ada = await SignUpAsync("unheard");
        var actor = await ActorAsync(ada);
        var key = (await App.CreateKeyAsync(actor, "production-app")).Key;
        await ada.Page.OpenAsync("keys");
        var idle = await ada.NewTabAsync("keys/new");
        await idle.InteractiveAsync();
        await EndInDatabaseAsync(actor);

        await ada.Page.Button("More actions for production-app").ClickAsync();
        await ada.Page.Button("Disable").ClickAsync();
        await Expect(ada.Page.Heading("Log in")).ToBeVisibleAsync();
        await using (var db = await App.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken))
        {
            Assert.True((await db.Set<ApiKey>().SingleAsync(k => k.Id == key.Id, TestContext.Current.CancellationToken)).IsEnabled);
        }

        Assert.Contains("keys/new", idle.Url, StringComparison.Ordinal);
        App.Clock.Advance(TimeSpan.FromSeconds(59));
        await Expect(idle.Heading("Log in")).ToBeVisibleAsync();
    }

    private async Task EndInDatabaseAsync(Actor actor)
    {
        await using var db = await App.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        await using var transaction = await db.BeginWriteAsync(TestContext.Current.CancellationToken);
        await db.Set<LoginSession>().Where(s => s.Id == actor.SessionId)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, App.Clock.GetUtcNow()), TestContext.Current.CancellationToken);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
    }
}
