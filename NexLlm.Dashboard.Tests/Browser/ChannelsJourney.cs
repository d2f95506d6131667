using Microsoft.Playwright;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>What an administrator does with channels and groups, and what the pages say in every state.</summary>
public sealed class ChannelsJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public Task On_a_wide_screen_in_light_and_dark() => WalkAsync(1440);

    [BrowserFact]
    public Task On_the_narrowest_screen_in_light_and_dark() => WalkAsync(320);

    [BrowserFact]
    public async Task Of_two_editors_the_second_is_told_and_finds_the_first_ones_settings()
    {
        var grace = await AdministratorAsync("grace-and-another", new() { ViewportSize = new() { Width = 320, Height = 900 } });
        var page = grace.Page;
        var actor = await ActorAsync(grace);
        var seen = await App.CreateChannelAsync(actor, settings => settings with { Name = "contested" });
        await page.OpenAsync($"channels/{seen.Id}");
        await App.Channels.UpdateAsync(actor, seen.Id, seen.Version, seen.Settings() with { Priority = 5 }, new ProviderKeyChange.Keep(), TestContext.Current.CancellationToken);

        await page.Field("Weight").FillAsync("3");
        await page.Button("Save changes").ClickAsync();
        await Expect(page.Heading("This channel was changed in another session")).ToBeFocusedAsync();
        await page.FitsAsync();
        await page.LookAsync("channel-conflict-320");
        await page.AxeAsync();
        await page.Button("Discard mine and reload").ClickAsync();

        await Expect(page.Field("Priority")).ToHaveValueAsync("5");
        await Expect(page.Field("Weight")).ToHaveValueAsync("1");
    }

    [BrowserFact]
    public async Task To_everybody_else_the_pages_are_not_there()
    {
        var ada = await SignUpAsync("no-administrator");
        ada.Foresee("404 (Not Found)");
        foreach (var path in new[] { "channels", "channels/new", "channels/1", "groups", "groups/new", "groups/1" })
        {
            await ada.Page.GotoAsync(path);
            await Expect(ada.Page.Heading("Page not found")).ToBeVisibleAsync();
        }
    }

    private async Task WalkAsync(int width)
    {
        await using var upstream = await FakeUpstream.StartAsync();
        upstream.Answer = http => http.Request.Method == "GET"
            ? FakeUpstream.Json("""{"data":[{"id":"gpt-4o"},{"id":"gpt-4o-mini"},{"id":"text-embedding-3-small"}]}""")(http)
            : FakeUpstream.Json("{}", http.Request.Path.Value is "/v1/chat/completions" or "/v1/embeddings" or "/v1/messages" ? 400 : 404)(http);
        var grace = await AdministratorAsync($"grace-{width}", new() { ViewportSize = new() { Width = width, Height = 900 } });
        var page = grace.Page;
        var (channel, group) = ($"openai-{width}", $"economy-{width}");

        await page.OpenAsync("channels/new");
        await page.LookInLightAndDarkAsync("channel-presets");
        await page.Link("Anthropic").ClickAsync();
        await Expect(page.Field("Base URL")).ToHaveValueAsync("https://api.anthropic.com/v1");
        await Expect(page.Link("console.anthropic.com")).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("channel-preset");
        await page.Link("Other").ClickAsync();
        await Expect(page.Field("Name")).ToHaveValueAsync("");
        await page.Button("Create channel").ClickAsync();
        await Expect(page.Field("Name")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.Field("Name")).ToBeFocusedAsync();
        await page.LookInLightAndDarkAsync("channel-new-wrong");
        await page.Field("Name").FillAsync(channel);
        await page.Field("Base URL").FillAsync("http://127.0.0.1:9/v1");
        await page.Button("Test channel").ClickAsync();
        await Expect(page.GetByText("refused the connection")).ToBeVisibleAsync();
        await page.Field("Base URL").FillAsync(upstream.BaseUrl);
        await page.GetByLabel("Provider key", new() { Exact = true }).FillAsync("provider-key-of-grace");
        await page.Button("Test channel").ClickAsync();
        await Expect(page.GetByText("lists 3 models")).ToBeVisibleAsync();
        await page.Switch("Responses").CheckAsync();
        await Expect(page.GetByText("Enabled but not available: Responses")).ToBeVisibleAsync();
        await page.Button("Use available APIs").ClickAsync();
        await Expect(page.Switch("Messages")).ToBeCheckedAsync();
        await Expect(page.Switch("Responses")).Not.ToBeCheckedAsync();
        await page.Button("Base URL for Messages").ClickAsync();
        await page.Field("Base URL of Messages").FillAsync($"{upstream.Address}/anthropic/v1");
        await page.Box("gpt-4o").CheckAsync();
        await page.Box("gpt-4o-mini").CheckAsync();
        await page.Field("Add a model").FillAsync("house-model");
        await page.Button("Add model").ClickAsync();
        await page.Field("Provider model ID of house-model").FillAsync("gpt-4o-2024-08-06");
        await page.Field("Context tokens of house-model").FillAsync("128000");
        await page.Field("Price in tokens of house-model").FillAsync("4000");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Price unit of house-model" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "image", Exact = true }).ClickAsync();
        await page.LookInLightAndDarkAsync("channel-new");
        await page.Button("Create channel").ClickAsync();
        await Expect(page.Heading(channel)).ToBeVisibleAsync();
        await Expect(page.GetByText("New channel created.")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Provider key", new() { Exact = true })).ToHaveCountAsync(0);
        await Expect(page.Group("Stored provider key")).ToContainTextAsync("never shown again");
        await Expect(page.Field("Base URL of Messages")).ToHaveValueAsync($"{upstream.Address}/anthropic/v1");
        await Expect(page.GetByText("4000 tokens per image")).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("channel");
        upstream.Answer = FakeUpstream.Json($$"""{"data":[{{string.Join(',', Enumerable.Range(0, 300).Select(i => $$"""{"id":"vendor/model-{{i}}-instruct"}"""))}}]}""");
        await page.Button("Test channel").ClickAsync();
        await Expect(page.GetByText("lists 300 models")).ToBeVisibleAsync();
        await Expect(page.GetByText("doesn't list gpt-4o")).ToBeVisibleAsync();
        await page.Button("Load models").ClickAsync();
        await page.Button("Add all").ClickAsync();
        await Expect(page.GetByText("103 more. Search to find them.")).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("channel-with-hundreds");

        await page.OpenAsync("groups/new");
        await page.Field("Name").FillAsync(group);
        await page.Field("Ratio").FillAsync("0.5");
        await page.Button(channel).ClickAsync();
        await Expect(page.Button(channel)).ToHaveAttributeAsync("aria-pressed", "true");
        await page.LookInLightAndDarkAsync("group-new");
        await page.Button("Create group").ClickAsync();
        await Expect(page.Heading(group)).ToBeVisibleAsync();
        var id = long.Parse(new Uri(page.Url).Segments[^1], System.Globalization.CultureInfo.InvariantCulture);
        var owner = await ActorAsync(grace);
        await App.CreateKeyAsync(owner, $"bound-{width}", policy => policy with { GroupId = id, Models = ModelRestriction.Only(["house-model"]) });

        await page.OpenAsync("groups");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = group })).ToContainTextAsync("1 key");
        await page.LookInLightAndDarkAsync("groups");
        await page.Link(group).ClickAsync();
        await page.Button("Delete group").ClickAsync();
        await Expect(page.GetByText($"Can't delete this group: it has 1 key (bound-{width} of")).ToBeVisibleAsync();
        await page.Button(channel).ClickAsync();
        await page.Button("Save changes").ClickAsync();
        await Expect(page.Modal).ToContainTextAsync("would have no models");
        await Expect(page.Modal).ToContainTextAsync($"bound-{width} (grace-{width}@example.com)");
        await Expect(page.Modal.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
        await page.LookInLightAndDarkAsync("group-breaks");
        await page.Modal.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.Modal).ToBeHiddenAsync();

        await page.OpenAsync("channels");
        await page.LookInLightAndDarkAsync("channels");
        await ChooseAsync(page, channel, "Disable");
        await Expect(page.Modal).ToContainTextAsync("house-model");
        await page.LookInLightAndDarkAsync("channel-off");
        await page.Modal.GetByRole(AriaRole.Button, new() { Name = "Disable channel" }).ClickAsync();
        await Expect(page.GetByText($"{channel} disabled.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = channel })).ToContainTextAsync("Disabled");
        await page.Search("Search channels, models or groups").FillAsync("no such thing");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Heading("No matching channels")).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("channels-no-matches");
        await page.OpenAsync("channels");
        await ChooseAsync(page, channel, "Delete");
        await page.Modal.GetByRole(AriaRole.Button, new() { Name = "Delete channel" }).ClickAsync();
        await Expect(page.Link(channel)).ToHaveCountAsync(0);
        await Expect(page.Heading("Channels")).ToBeFocusedAsync();
        await page.OpenAsync($"channels/{(await App.CreateChannelAsync(owner)).Id}");
        await page.Button("Delete channel").ClickAsync();
        await page.Modal.GetByRole(AriaRole.Button, new() { Name = "Delete channel" }).ClickAsync();
        await Expect(page.Heading("Channels")).ToBeVisibleAsync();
        await page.OpenAsync($"groups/{(await App.CreateGroupAsync(owner)).Id}");
        await page.Button("Delete group").ClickAsync();
        await page.Modal.GetByRole(AriaRole.Button, new() { Name = "Delete group" }).ClickAsync();
        await Expect(page.Heading("Groups")).ToBeVisibleAsync();
        await page.OpenAsync("channels");
        await page.Link("echo").ClickAsync();
        await page.Button("Test channel").ClickAsync();
        await Expect(page.GetByText("lists 2 models")).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("channel-built-in");

        await page.OpenAsync("catalog");
        await page.LookInLightAndDarkAsync("models");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "API" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Embeddings", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("api=embeddings$"));
        await page.Link("nexllm-echo").ClickAsync();
        await Expect(page.Heading("nexllm-echo")).ToBeVisibleAsync();
        await Expect(page.GetByText("curl http")).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("model");
    }

    private static async Task ChooseAsync(IPage page, string channel, string action)
    {
        await page.Button($"Actions for {channel}").ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = action, Exact = true }).ClickAsync();
    }
}
