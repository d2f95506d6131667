using Microsoft.Playwright;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

public sealed class FirstAdministratorJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public async Task The_printed_link_makes_one_administrator_who_lands_on_the_empty_list()
    {
        var printed = PrintedLines.Listen();
        var visitor = await VisitorAsync();
        visitor.Foresee("400 (Bad Request)");
        var link = new Uri(printed.Single(l => l.Contains($"{App.Address.Authority}/account/setup", StringComparison.Ordinal)).Split(' ').Single(w => w.StartsWith("http", StringComparison.Ordinal)));

        await visitor.Page.GotoAsync(link.ToString());
        await Expect(visitor.Page.Heading("Create the first administrator")).ToBeVisibleAsync();
        await visitor.Page.EnterAccountAsync("ada@example.com", "password1234567");
        await visitor.Page.Button("Create administrator").ClickAsync();
        await Expect(visitor.Page.GetByText("This password is too common. Use several unrelated words.")).ToHaveCountAsync(1);
        await Expect(visitor.Page.Field("Email")).ToHaveValueAsync("ada@example.com");

        await visitor.Page.EnterAccountAsync("ada@example.com", Password);
        await visitor.Page.Button("Create administrator").ClickAsync();
        await visitor.Page.InteractiveAsync();
        await Expect(visitor.Page.Heading("You don't have any API keys yet")).ToBeVisibleAsync();
        await Expect(visitor.Page.Main.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(7);
        await Expect(visitor.Page.Locator(".account-email")).ToHaveTextAsync("ada@example.com");
        await visitor.Page.LookAsync("list-empty");

        var second = await VisitorAsync();
        second.Foresee("404 (Not Found)");
        var answer = await second.Page.GotoAsync(link.ToString());
        Assert.Equal(404, answer!.Status);
        await Expect(second.Page.Heading("Page not found")).ToBeVisibleAsync();
    }
}
