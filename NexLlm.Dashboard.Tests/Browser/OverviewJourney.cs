using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>What somebody sees who comes back.</summary>
public sealed class OverviewJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public async Task Whoever_logs_in_again_sees_at_once_what_needs_a_look()
    {
        var ada = await SignUpAsync("overview");
        await GrantAsync(ada, 1_000_000);
        var actor = await ActorAsync(ada);
        var page = ada.Page;
        await App.CreateKeyAsync(actor, "nightly-batch", policy => policy with { Expiration = new Expiration(App.Clock.GetUtcNow().AddDays(3)) });
        var created = await App.CreateKeyAsync(actor, "production-app", policy => policy with { Models = ModelRestriction.Only(["nexllm-echo"]) });
        await page.OpenAsync("");
        await Expect(page.Heading("Overview")).ToBeVisibleAsync();
        await Expect(page.GetByText("No rejected requests in the last 24 hours").Last).ToBeVisibleAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = App.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", created.Secret.Reveal());
        foreach (var model in new[] { "nexllm-echo", "nexllm-echo-small" })
        {
            using var body = new StringContent(Caller.ChatBody(model), System.Text.Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync("/v1/chat/completions", body, TestContext.Current.CancellationToken);
        }

        await App.LogWriter.FlushAsync();
        App.Clock.Advance(TimeSpan.FromSeconds(15));
        await Expect(page.GetByText("1 request was rejected in the last 24 hours.")).ToBeVisibleAsync();
        await Expect(page.GetByText("1 key expires within 7 days.")).ToBeVisibleAsync();
        await Expect(page.Link("nightly-batch").First).ToBeVisibleAsync();
        await Expect(page.GetByText("Key created").First).ToBeVisibleAsync();
        await page.LookEverywhereAsync("overview");

        await page.Link("model_not_allowed").ClickAsync();
        await Expect(page.Heading("Logs")).ToBeVisibleAsync();
        await Expect(page.Main).ToContainTextAsync("nexllm-echo-small");
    }
}
