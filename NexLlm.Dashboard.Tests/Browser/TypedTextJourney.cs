using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>With everything logged that can be, what people type into a field is in no line.</summary>
public sealed class TypedTextJourney(Chromium chromium, TypedTextJourney.Talkative app) : Journey(chromium, app), IClassFixture<TypedTextJourney.Talkative>
{
    private const string Canary = "canary-5d41c9";

    [BrowserFact]
    public async Task Nothing_that_is_typed_anywhere_is_logged()
    {
        var grace = await AdministratorAsync("typed");
        var page = grace.Page;
        await page.OpenAsync("channels/new");
        await page.Field("Name").FillAsync($"{Canary}-channel");
        await page.Field("Base URL").FillAsync($"http://127.0.0.1:9/{Canary}");
        await page.GetByLabel("Provider key", new() { Exact = true }).FillAsync($"sk-{Canary}-provider-key");
        await page.Button("Test channel").ClickAsync();
        await Expect(page.GetByText("refused the connection")).ToBeVisibleAsync();

        await page.OpenAsync("keys");
        await page.NameKeyAsync($"{Canary}-key");
        await App.CreateKeyAsync(await ActorAsync(grace), "production");
        await page.OpenAsync("keys");
        await page.Search("Search by name or key").FillAsync(Canary);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Heading("No matching keys")).ToBeVisibleAsync();

        var visitor = await VisitorAsync();
        visitor.Foresee("400 (Bad Request)");
        await visitor.LogInAsync($"{Canary}@example.com", $"{Canary} umbrellas");
        await Expect(visitor.Page.GetByText("Incorrect email or password.")).ToBeVisibleAsync();

        // What is left to see is where a filter stands in the page's own address, which routing writes down.
        Assert.NotEmpty(App.Logs.Lines);
        Assert.DoesNotContain(App.Logs.Lines, line => line.Message.Contains(Canary, StringComparison.Ordinal) && !line.Message.Contains("?search=", StringComparison.Ordinal));
    }

    public sealed class Talkative : NexLlmApp
    {
        public Talkative()
        {
            Settings["Logging:LogLevel:Default"] = "Trace";
            foreach (var category in (string[])
                ["Microsoft.AspNetCore", "Microsoft.AspNetCore.SignalR", "Microsoft.AspNetCore.Components", "Microsoft.EntityFrameworkCore", "System.Net.Http"])
            {
                Settings[$"Logging:LogLevel:{category}"] = "Trace";
            }
        }
    }
}
