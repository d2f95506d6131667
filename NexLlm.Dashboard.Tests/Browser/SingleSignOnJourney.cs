using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.BreakGlass;
using NexLlm.Dashboard.Tests.Accounts.SingleSignOn;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>People who come from an OpenID provider, which is another site to their browser.</summary>
public sealed class SingleSignOnJourney(Chromium chromium, SingleSignOnApp site) : Journey(chromium, site.App), IClassFixture<SingleSignOnApp>
{
    [BrowserFact]
    public async Task A_person_logs_in_with_a_provider_gets_an_account_and_logs_out_there_too()
    {
        site.Corp.Person = new("ada", "ada@example.com");
        var ada = await VisitorAsync();
        await ada.Page.GotoAsync("account/login");
        await ada.Page.LookInLightAndDarkAsync("sso-login");
        await ada.Page.Link("Continue with Corp Login").ClickAsync();
        await ada.Page.InteractiveAsync();
        Assert.EndsWith("/keys", ada.Page.Url, StringComparison.Ordinal);
        var second = await ada.NewTabAsync("keys/new");
        await second.InteractiveAsync();

        await ada.Page.GotoAsync("account");
        await Expect(ada.Page.GetByText("ada@example.com · Member")).ToBeVisibleAsync();
        await ada.Page.LookInLightAndDarkAsync("sso-account");
        await ada.Page.Main.GetByRole(AriaRole.Button, new() { Name = "Log out", Exact = true }).ClickAsync();

        await Expect(ada.Page.Heading("Log in")).ToBeVisibleAsync();
        Assert.True(site.Corp.LogOuts.TryDequeue(out _));
        await Expect(second.Heading("Log in")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_page_that_wants_a_login_is_reached_by_way_of_the_provider()
    {
        site.Other.Person = new("eve", "eve@example.com");
        var eve = await VisitorAsync();
        await eve.Page.GotoAsync("usage?days=30");
        await eve.Page.Link("Continue with Other Login").ClickAsync();
        await eve.Page.InteractiveAsync();

        Assert.EndsWith("usage?days=30", eve.Page.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task An_account_with_the_same_email_is_entered_only_after_it_was_connected_with_its_password()
    {
        site.Corp.Person = new("bob", "bob@example.com");
        var bob = await SignUpAsync("bob");
        var elsewhere = await VisitorAsync(new() { ViewportSize = new() { Width = 320, Height = 800 } });
        await elsewhere.Page.GotoAsync("account/login");
        await elsewhere.Page.Link("Continue with Corp Login").ClickAsync();
        await Expect(elsewhere.Page.GetByText("An account with this email already exists. Log in with your password, then connect Corp Login on your account page.")).ToBeVisibleAsync();
        await elsewhere.Page.LookInLightAndDarkAsync("sso-conflict");

        await bob.Page.GotoAsync("account");
        await bob.Page.Link("Connect Corp Login").ClickAsync();
        await Expect(bob.Page.GetByText("Connected. You can log in this way from now on.")).ToBeVisibleAsync();
        await bob.Page.LookEverywhereAsync("sso-connected");
        await elsewhere.Page.Link("Continue with Corp Login").ClickAsync();
        await elsewhere.Page.InteractiveAsync();

        await bob.Page.Button("Disconnect Corp Login").ClickAsync();
        await Expect(bob.Page.GetByText("Disconnected. All other sessions were logged out.")).ToBeVisibleAsync();
        await Expect(elsewhere.Page.Heading("Log in")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task An_open_tab_sees_that_the_provider_made_its_person_an_administrator_and_took_it_back()
    {
        await App.CreateActorAsync(administrator: true);
        site.Corp.Person = new("carol", "carol@example.com");
        var carol = await VisitorAsync();
        await LogInAsync(carol);
        site.Corp.Person = site.Corp.Person with { Groups = ["llm-admins"] };
        await LogInAsync(carol);
        await Expect(carol.Page.Link("Accounts")).ToBeVisibleAsync();
        site.Corp.Person = site.Corp.Person with { Groups = [] };
        var elsewhere = await VisitorAsync();
        await LogInAsync(elsewhere);

        await Expect(elsewhere.Page.Link("Accounts")).ToBeHiddenAsync();
        carol.Foresee("404 (Not Found)");
        await carol.Page.GotoAsync("accounts");
        await Expect(carol.Page.Link("Accounts")).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task A_log_out_at_the_provider_closes_an_open_tab_here()
    {
        site.Corp.Person = new("dave", "dave@example.com") { SessionId = "dave-at-corp" };
        var dave = await VisitorAsync();
        await LogInAsync(dave);
        using var http = App.CreateVisitor();
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", site.Corp.LogOutToken(token => token["sid"] = "dave-at-corp"))]);

        (await http.PostAsync("/account/sso/corp/backchannel-logout", form, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        await Expect(dave.Page.Heading("Log in")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task An_operator_whom_nothing_else_lets_in_uses_the_link_of_the_command_line()
    {
        var links = App.Services.GetRequiredService<BreakGlassLinks>();
        var issued = Assert.IsType<BreakGlassOutcome.Issued>(
            await links.IssueAsync(Actor.Machine, "operator@example.com", makeAdministrator: true, TestContext.Current.CancellationToken));
        var root = await VisitorAsync();
        root.Foresee("403 (Forbidden)");
        await root.Page.GotoAsync($"account/break-glass?token={issued.Token}");
        await root.Page.LookEverywhereAsync("break-glass");
        await root.Page.Button("Log in").ClickAsync();
        await root.Page.InteractiveAsync();
        await Expect(root.Page.Link("Accounts")).ToBeVisibleAsync();

        await root.Page.GotoAsync($"account/break-glass?token={issued.Token}");
        await Expect(root.Page.GetByText("This link is invalid, expired or already used.")).ToBeVisibleAsync();
        await root.Page.LookEverywhereAsync("break-glass-used");
    }

    private static async Task LogInAsync(Profile person)
    {
        // From a page without a circuit, as the log-in page is: one that the login ends would lead away on its own.
        await person.Page.GotoAsync("about:blank");
        await person.Page.GotoAsync("account/sso/corp");
        await person.Page.InteractiveAsync();
    }
}
