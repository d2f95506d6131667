using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>From a new key to its first answers, and a list that follows them.</summary>
public sealed class FirstRequestJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    private const string Chat = "/v1/chat/completions";

    private static readonly BrowserNewContextOptions _withClipboard = new() { Permissions = ["clipboard-read", "clipboard-write"] };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [BrowserFact]
    public async Task A_new_key_answers_on_the_page_and_the_list_follows_its_use_by_itself()
    {
        var ada = await SignUpAsync("first-request", _withClipboard);
        await GrantAsync(ada, 1_000_000);
        var page = ada.Page;
        var secret = await SaveAsync(page, quota: "200");

        await page.Button("Send a test request").ClickAsync();
        await Expect(Outcome(page)).ToContainTextAsync(new Regex("200 · [0-9]+ ms · [0-9]+ tokens"));
        await Expect(Outcome(page)).ToContainTextAsync("Hello");
        await page.LookEverywhereAsync("wizard-7-answered");

        await page.Button("Copy").ClickAsync();
        await page.Button("Done").ClickAsync();
        var row = page.KeyRow("dev-testing");
        await Expect(row).ToContainTextAsync("200 left of 200");
        await page.Box("Select dev-testing").FocusAsync();
        await page.EvaluateAsync("window.notReloaded = true");
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        var left = 200 - await UsedAsync(ada);
        await Expect(row).ToContainTextAsync($"{left} left of 200");
        await Expect(row.GetByRole(AriaRole.Cell).Nth(8)).ToHaveTextAsync("Just now");

        using var program = Program(secret);
        using var answer = await program.PostAsJsonAsync(Chat, Body(string.Join(' ', Enumerable.Repeat("hello", (int)(left * 2 / 3)))), Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        App.Clock.Advance(TimeSpan.FromSeconds(5));
        await Expect(row).ToContainTextAsync("0 left of 200");
        await Expect(row).ToContainTextAsync("Quota exhausted");
        await Expect(page.Link("Quota exhausted 1")).ToBeVisibleAsync();
        await Expect(page.Box("Select dev-testing")).ToBeFocusedAsync();
        // It may have looked within this second already, and looks again in the next.
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        await Expect(page.GetByText("200 of 1M tokens used", new() { Exact = true })).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.notReloaded"));
        await page.LookEverywhereAsync("list-exhausted");

        using var refused = await program.PostAsJsonAsync(Chat, Body("hello"), Cancellation);
        Assert.Equal(System.Net.HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [BrowserFact]
    public async Task The_example_of_the_page_runs_in_a_shell_word_for_word_and_streams()
    {
        var ada = await SignUpAsync("in-a-shell");
        await GrantAsync(ada, 1_000_000);
        await SaveAsync(ada.Page);
        var example = await CopyExampleAsync(ada.Page);

        using var answer = JsonDocument.Parse(await RunAsync(example));
        Assert.Equal("Hello", answer.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.True(answer.RootElement.GetProperty("usage").GetProperty("total_tokens").GetInt64() > 0);

        var events = (await RunAsync(example.Replace("\"messages\"", "\"stream\": true, \"messages\"", StringComparison.Ordinal)))
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, e => Assert.StartsWith("data: ", e, StringComparison.Ordinal));
        Assert.Contains(events, e => e.Contains("Hello", StringComparison.Ordinal));
        Assert.Equal("data: [DONE]", events[^1]);
    }

    [BrowserFact]
    public async Task Every_example_is_copied_with_the_whole_key_which_the_page_itself_never_shows()
    {
        var ada = await SignUpAsync("every-example");
        var page = ada.Page;
        var secret = await SaveAsync(page);
        foreach (var name in await page.Locator(".mud-tabs").GetByRole(AriaRole.Tab).AllInnerTextsAsync())
        {
            await Tab(page, name).ClickAsync();
            await Expect(Tab(page, name)).ToHaveAttributeAsync("aria-selected", "true");
            await Expect(page.Locator(".mud-tabs").GetByRole(AriaRole.Tabpanel)).Not.ToContainTextAsync(secret);
            var copied = await CopyExampleAsync(page);
            Assert.Contains(secret, copied, StringComparison.Ordinal);
            Assert.DoesNotContain("…", copied, StringComparison.Ordinal);
        }

        await Tab(page, "Codex").ClickAsync();
        await page.LookEverywhereAsync("wizard-7-codex");
        await page.Box("I have stored this key").CheckAsync();
    }

    [BrowserFact]
    public async Task A_keys_own_page_has_the_examples_with_a_placeholder_for_the_key()
    {
        var ada = await SignUpAsync("own-page");
        var page = ada.Page;
        var created = await App.CreateKeyAsync(await ActorAsync(ada), "dev-testing");
        await page.OpenAsync($"keys/{created.Key.Id}");

        await Tab(page, "curl").FocusAsync();
        foreach (var name in (string[])["Python", "C#", "JavaScript", "Claude Code"])
        {
            await page.Keyboard.PressAsync("ArrowRight");
            await Expect(Tab(page, name)).ToBeFocusedAsync();
        }

        await page.EvaluateAsync("navigator.clipboard.writeText = async text => { window.copied = text; }");
        await page.Button("Copy example").ClickAsync();
        await Expect(page.Button("Copied")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasTextRegex = new("^Copied$") })).ToBeAttachedAsync();
        await Expect(page.Button("Copy example")).ToBeVisibleAsync();
        var copied = await page.EvaluateAsync<string>("window.copied");
        Assert.Contains($"ANTHROPIC_BASE_URL='{App.Address.AbsoluteUri.TrimEnd('/')}'", copied, StringComparison.Ordinal);
        Assert.Contains("ANTHROPIC_AUTH_TOKEN='YOUR_API_KEY'", copied, StringComparison.Ordinal);
        await page.LookEverywhereAsync("key-connect");
    }

    [BrowserFact]
    public async Task A_key_for_a_model_of_Anthropics_dialect_is_tried_in_that_dialect()
    {
        await using var app = await GatewayApp.StartAsync();
        app.AddChannel(1, "anthropic", app.Upstream.BaseUrl, "claude-9", type: "Anthropic");
        app.Upstream.Answer = FakeUpstream.Json(
            """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Good day"}],"stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":3}}""");
        var ada = await VisitorAsync(address: app.Address);
        await ada.SignUpAsync("ada@example.com");
        await GrantAsync(ada, 1_000_000, app);
        await SaveAsync(ada.Page, model: "claude-9");

        await ada.Page.Button("Send a test request").ClickAsync();
        await Expect(Outcome(ada.Page)).ToContainTextAsync("12 tokens");
        await Expect(Outcome(ada.Page)).ToContainTextAsync("Good day");

        Assert.Contains("Good day", await RunAsync(await CopyExampleAsync(ada.Page)), StringComparison.Ordinal);
        Assert.Equal(2, app.Upstream.Received.Count);
        await ada.Page.CloseAsync();
    }

    [BrowserFact]
    public async Task The_chosen_models_answer_shows_while_it_arrives()
    {
        await using var app = await GatewayApp.StartAsync();
        app.AddChannel(1, "second", app.Upstream.BaseUrl, "gpt-9");
        var more = new TaskCompletionSource();
        app.Upstream.Answer = FakeUpstream.ChatStreamOf(["Good ", "day"], prompt: 9, completion: 3, between: piece => piece == 0 ? Task.CompletedTask : more.Task);
        var ada = await VisitorAsync(address: app.Address);
        var page = ada.Page;
        await ada.SignUpAsync("ada@example.com");
        await GrantAsync(ada, 1_000_000, app);
        await SaveAsync(page);

        await page.ChooseAsync("Model", "gpt-9");
        await Expect(page.Locator("[data-snippet]")).ToContainTextAsync("gpt-9");
        await page.Button("Send a test request").ClickAsync();
        await Expect(Outcome(page)).ToContainTextAsync("gpt-9 is answering…");
        await Expect(Outcome(page)).ToContainTextAsync("Good ");
        await Expect(Outcome(page)).Not.ToContainTextAsync("day");
        await page.LookEverywhereAsync("wizard-7-streaming");
        more.SetResult();

        await Expect(Outcome(page)).ToContainTextAsync("Good day");
        await Expect(Outcome(page)).ToContainTextAsync("12 tokens");
        Assert.Contains("gpt-9", Assert.Single(app.Upstream.Received).Body, StringComparison.Ordinal);
        await page.CloseAsync();
    }

    [BrowserFact]
    public async Task An_answer_that_is_cut_off_says_so_and_keeps_what_came()
    {
        var ada = await SignUpAsync("cut-off");
        ada.Foresee("/v1/chat/completions has no");
        var page = ada.Page;
        await SaveAsync(page);
        await page.RouteAsync("**" + Chat, route => route.FulfillAsync(new()
        {
            ContentType = "text/event-stream",
            Body = "data: {\"choices\":[{\"delta\":{\"content\":\"Good\"}}]}\n\n",
        }));

        await page.Button("Send a test request").ClickAsync();

        await Expect(Outcome(page)).ToContainTextAsync("Good");
        await Expect(Outcome(page)).ToContainTextAsync("The response was cut off.");
    }

    [BrowserFact]
    public async Task An_account_without_quota_is_told_whom_to_ask()
    {
        var ada = await SignUpAsync("no-quota");
        ada.Foresee("429");
        await SaveAsync(ada.Page);

        await Expect(ada.Page.Button("Send a test request")).ToBeEnabledAsync();
        await ada.Page.Button("Send a test request").FocusAsync();
        await ada.Page.Keyboard.PressAsync("Enter");

        await Expect(Outcome(ada.Page)).ToContainTextAsync("insufficient_account_quota");
        await Expect(Outcome(ada.Page)).ToContainTextAsync("Ask an administrator to add tokens to your account.");
        await Expect(ada.Page.Button("Send a test request")).ToBeFocusedAsync();
        await ada.Page.LookEverywhereAsync("wizard-7-refused");
    }

    [BrowserFact]
    public async Task The_page_says_at_once_that_it_waits_and_sends_once_however_often_it_is_pressed()
    {
        var ada = await SignUpAsync("waiting");
        ada.Foresee("/v1/chat/completions has no");
        var (page, asked, answered) = (ada.Page, 0, new TaskCompletionSource());
        await SaveAsync(page);
        await page.RouteAsync("**" + Chat, async route =>
        {
            asked++;
            Assert.DoesNotContain(await route.Request.AllHeadersAsync(), header => header.Key == "cookie");
            await answered.Task;
            await route.FulfillAsync(new() { Status = 502, ContentType = "text/html", Body = "<h1>Bad gateway</h1>" });
        });
        ada.Foresee("502");

        await page.Button("Send a test request").DblClickAsync();
        await Expect(Outcome(page)).ToHaveTextAsync("Waiting for nexllm-echo…");
        await Expect(page.Button("Send a test request")).ToHaveAttributeAsync("aria-disabled", "true");
        await page.LookEverywhereAsync("wizard-7-waiting");
        answered.SetResult();

        await Expect(Outcome(page)).ToContainTextAsync("This response didn't come from the gateway.");
        await Expect(page.Button("Send a test request")).Not.ToHaveAttributeAsync("aria-disabled", "true");
        Assert.Equal(1, asked);
    }

    [BrowserFact]
    public async Task A_gateway_that_cannot_be_reached_is_told_from_one_that_refuses()
    {
        var ada = await SignUpAsync("unreachable");
        ada.Foresee("ERR_CONNECTION_REFUSED");
        await SaveAsync(ada.Page);
        await ada.Page.RouteAsync("**" + Chat, route => route.AbortAsync("connectionrefused"));

        await ada.Page.Button("Send a test request").ClickAsync();

        await Expect(Outcome(ada.Page)).ToContainTextAsync("No response");
        await Expect(Outcome(ada.Page)).ToContainTextAsync("Couldn't reach the gateway");
    }

    private static ILocator Tab(IPage page, string name) => page.GetByRole(AriaRole.Tab, new() { Name = name, Exact = true });

    private static ILocator Outcome(IPage page) => page.GetByRole(AriaRole.Status).Filter(new() { Has = page.Locator("[data-fact]") });

    /// <summary>To step 7 with the key <c>dev-testing</c>; answers its secret.</summary>
    private static async Task<string> SaveAsync(IPage page, string? quota = null, string? model = null)
    {
        await page.NameKeyAsync("dev-testing");
        if (model is not null)
        {
            await page.Combobox("Model Restrictions").FillAsync(model);
            await page.GetByRole(AriaRole.Option, new() { Name = model }).ClickAsync();
        }

        if (quota is not null)
        {
            await page.Field("Remaining Quota").FillAsync(quota);
        }

        await page.Button("Continue").ClickAsync();
        await page.AtStepAsync("Save the key");
        await page.Button("Save changes").ClickAsync();
        await page.AtStepAsync("Copy and store your key");
        return await page.Locator("[data-secret]").TextContentAsync() ?? "";
    }

    /// <summary>What the button puts into the clipboard, which itself is one for all profiles of a browser.</summary>
    private static async Task<string> CopyExampleAsync(IPage page)
    {
        await page.EvaluateAsync("navigator.clipboard.writeText = async text => { window.copied = text; }");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^(Copy example|Copied)$") }).ClickAsync();
        await Expect(page.GetByText("Example copied (includes your key)")).ToBeVisibleAsync();
        await Expect(page.Button("Copied")).ToBeVisibleAsync();
        return await page.EvaluateAsync<string>("window.copied");
    }

    private static object Body(string text) => new { model = "nexllm-echo", messages = new[] { new { role = "user", content = text } } };

    private HttpClient Program(string secret)
    {
        var program = new HttpClient { BaseAddress = App.Address };
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return program;
    }

    private async Task<long> UsedAsync(Profile person)
    {
        var actor = await ActorAsync(person);
        await GatewayApp.UntilAsync(async () => (await App.Keys.ListAsync(actor, new(), Cancellation)).Keys.Single().Quota.Used > 0);
        return (await App.Keys.ListAsync(actor, new(), Cancellation)).Keys.Single().Quota.Used;
    }

    /// <summary>What the line prints, run by a shell as somebody pastes it.</summary>
    private static async Task<string> RunAsync(string line)
    {
        var start = new ProcessStartInfo("sh", ["-c", line]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var shell = Process.Start(start)!;
        var errors = shell.StandardError.ReadToEndAsync(Cancellation);
        var output = await shell.StandardOutput.ReadToEndAsync(Cancellation);
        await shell.WaitForExitAsync(Cancellation);
        Assert.True(shell.ExitCode == 0, await errors);
        return output;
    }
}
