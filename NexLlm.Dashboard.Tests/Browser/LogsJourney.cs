using Microsoft.Playwright;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>What a person does with the log.</summary>
public sealed class LogsJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public async Task A_request_appears_by_itself_is_found_again_exported_and_a_refused_one_explained()
    {
        var ada = await SignUpAsync("logs");
        await GrantAsync(ada, 1_000_000);
        var actor = await ActorAsync(ada);
        var page = ada.Page;
        await page.OpenAsync("logs");
        await Expect(page.Heading("No requests")).ToBeVisibleAsync();
        await page.LookEverywhereAsync("logs-empty");
        await page.Button("Live").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Button("Live")).ToHaveAttributeAsync("aria-pressed", "true");

        var key = await App.CreateKeyAsync(actor, "production-app", policy => policy with { TokenLimit = 5_000 });
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = App.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", key.Secret.Reveal());
        var id = await AskAsync(http, "nexllm-echo", "Hello");
        // The answer is out a moment before its line is in the log.
        await GatewayApp.UntilAsync(async () =>
        {
            await App.LogWriter.FlushAsync();
            return await Row(page, id).CountAsync() > 0;
        });
        await Expect(Row(page, id)).ToContainTextAsync("production-app");
        await AskAsync(http, "no-such-model", "Hello");
        for (var i = 0; i < 14; i++)
        {
            await AskAsync(http, "nexllm-echo", new string('x', 90_000));
        }

        await AskAsync(http, "nexllm-echo-small", "Hello again");
        await App.LogWriter.FlushAsync();
        await Expect(page.GetByText("+3 in the same minute")).ToBeVisibleAsync();
        await page.LookEverywhereAsync("logs");

        await ChooseStatusAsync(page, "model_not_found");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.ReloadAsync();
        await page.InteractiveAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await ChooseStatusAsync(page, "Succeeded");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await page.GoBackAsync();
        await Expect(Status(page)).ToHaveValueAsync("model_not_found");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.LookEverywhereAsync("logs-filtered");
        await OpenDetailsAsync(page);
        await Expect(page.Modal.GetByText("/v1/chat/completions")).ToBeVisibleAsync();
        await page.LookEverywhereAsync("logs-details");
        await page.Modal.GetByRole(AriaRole.Link, new() { Name = "Check access" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).GetByText("Rejected", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByText("model_not_found").First).ToBeVisibleAsync();

        // Refused before the gateway read which model is meant: explained all the same.
        await App.Keys.SetEnabledAsync(actor, [key.Key.Id], enabled: false, TestContext.Current.CancellationToken);
        await AskAsync(http, "nexllm-echo", "Hello");
        await App.LogWriter.FlushAsync();
        await page.OpenAsync("logs?status=key_disabled");
        await OpenDetailsAsync(page);
        await page.Modal.GetByRole(AriaRole.Link, new() { Name = "Check access" }).ClickAsync();
        await Expect(page.Link("Enable key")).ToBeVisibleAsync();

        await page.OpenAsync("logs?status=key_disabled");
        await page.Link("Clear filters").ClickAsync();
        await DetailsAreReachedByKeyboardAsync(page);
        await page.Field("Request ID").FillAsync(id);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.Field("Request ID").FillAsync("req_nothing");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Heading("No matching requests")).ToBeVisibleAsync();
        await page.LookEverywhereAsync("logs-no-matches");
        await page.Link("Clear filters").ClickAsync();

        var download = await page.RunAndWaitForDownloadAsync(() => page.Link("Export CSV").ClickAsync());
        var lines = await File.ReadAllLinesAsync((await download.PathAsync())!, TestContext.Current.CancellationToken);
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        // A head, four requests, ten refused ones of their own and one for the others.
        Assert.Equal(1 + 4 + 11, lines.Length);
        await Expect(page.GetByText("Exported 15 rows.")).ToBeVisibleAsync();
        await page.LookEverywhereAsync("logs-exported");
    }

    /// <summary>A row opens with Enter, arrows lead to the next, and Escape gives the focus back to the row that was open last.</summary>
    private static async Task DetailsAreReachedByKeyboardAsync(IPage page)
    {
        var rows = page.Locator("tbody tr td:first-child a");
        var second = (await rows.Nth(1).GetAttributeAsync("data-request"))!;
        await rows.First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Heading("Request details")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Modal.Locator("code").First).ToHaveTextAsync(second);
        Assert.Contains($"request={second}", page.Url, StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Modal).ToHaveCountAsync(0);
        await Expect(rows.Nth(1)).ToBeFocusedAsync();
    }

    /// <summary>By a press anywhere in the row but on the key, which leads to its own page.</summary>
    private static Task OpenDetailsAsync(IPage page) => page.Locator("tbody tr").ClickAsync(new() { Position = new() { X = 4, Y = 8 } });

    private static ILocator Status(IPage page) => page.GetByRole(AriaRole.Combobox, new() { Name = "Status", Exact = true });

    private static async Task ChooseStatusAsync(IPage page, string status)
    {
        await Status(page).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = status, Exact = true }).ClickAsync();
    }

    private static ILocator Row(IPage page, string id) =>
        page.GetByRole(AriaRole.Table, new() { Name = "Requests" }).GetByRole(AriaRole.Row).Filter(new() { HasText = id });

    /// <returns>The request's id.</returns>
    private static async Task<string> AskAsync(HttpClient http, string model, string text)
    {
        using var body = new StringContent(Caller.ChatBody(model, text), System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/v1/chat/completions", body, TestContext.Current.CancellationToken);
        await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return answer.Headers.GetValues("x-request-id").Single();
    }
}
