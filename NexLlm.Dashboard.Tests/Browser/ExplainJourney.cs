using System.Text.Json;
using Microsoft.Playwright;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>Why a program is refused, and what to change so that it is not.</summary>
public sealed class ExplainJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public async Task A_refusal_is_explained_as_it_happens_and_its_link_leads_to_the_setting_that_ends_it()
    {
        var ada = await SignUpAsync("explain");
        await GrantAsync(ada, 1_000_000);
        var page = ada.Page;
        var created = await App.CreateKeyAsync(await ActorAsync(ada), "nightly-batch", policy => policy with { Models = ModelRestriction.Only(["nexllm-echo-small"]) });

        var model = page.GetByRole(AriaRole.Combobox, new() { Name = "Model", Exact = true });
        await page.OpenAsync($"keys/{created.Key.Id}/explain");
        // The key's first model is asked about at once.
        await Expect(model).ToHaveValueAsync("nexllm-echo-small");
        await Expect(page.GetByRole(AriaRole.Status).GetByText("Allowed", new() { Exact = true })).ToBeVisibleAsync();
        await model.FillAsync("");
        await page.Keyboard.PressAsync("Escape");
        await page.Button("Check").ClickAsync();
        await Expect(model).ToBeFocusedAsync();
        await page.LookEverywhereAsync("explain-wrong");
        await model.FillAsync("nexllm-echo");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Status).GetByText("Rejected", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByText("model_not_allowed").First).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Listbox)).ToBeHiddenAsync();
        await page.LookEverywhereAsync("explain-refused");

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = App.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", created.Secret.Reveal());
        using var body = new StringContent(Caller.ChatBody("nexllm-echo"), System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/v1/chat/completions", body, TestContext.Current.CancellationToken);
        var told = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        var shown = await page.GetByLabel("API response").InnerTextAsync();
        Assert.StartsWith($"HTTP {(int)answer.StatusCode}", shown, StringComparison.Ordinal);
        Assert.True(JsonElement.DeepEquals(told, JsonDocument.Parse(shown[shown.IndexOf('{')..]).RootElement), shown);

        await page.Link("Change Model Restrictions").ClickAsync();
        await Expect(page.Field("Name")).ToHaveValueAsync("nightly-batch");
        await page.GoBackAsync();
        await Expect(page.GetByRole(AriaRole.Status).GetByText("Rejected", new() { Exact = true })).ToBeVisibleAsync();
        await model.FillAsync("nexllm-echo-small");
        await page.Button("Check").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).GetByText("Allowed", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Listbox)).ToBeHiddenAsync();
        await page.LookEverywhereAsync("explain-allowed");
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Status).GetByText("Allowed", new() { Exact = true })).ToBeVisibleAsync();
    }
}
