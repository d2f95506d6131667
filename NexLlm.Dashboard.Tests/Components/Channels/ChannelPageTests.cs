using AngleSharp.Dom;
using Bunit;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Presets;
using NexLlm.Dashboard.Components.Channels;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.Components.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Channels;

public sealed class ChannelPageTests : AdministrationPageTests
{
    private const string ProviderKey = "provider-key-canary-2e8f";

    [Fact]
    public async Task A_channel_is_made_of_what_was_typed_and_of_models_that_its_upstream_lists()
    {
        App.Upstream.Answer = FakeUpstream.Json("""{"data":[{"id":"large"},{"id":"small"}]}""");
        var page = Render<ChannelPage>();
        await page.TypeAsync("Name", "mine");
        await page.TypeAsync("Base URL", App.Upstream.BaseUrl + "/");
        await page.TypeAsync("Provider key", ProviderKey);
        await page.InvokeAsync(() => page.PressAsync("Test channel"));
        page.WaitForAssertion(() => Assert.Contains("lists 2 models", page.Markup, StringComparison.Ordinal));
        await page.InvokeAsync(() => Found(page, "small").ChangeAsync(true));
        await page.TypeAsync("Add a model", "typed");
        await page.InvokeAsync(() => page.PressAsync("Add model"));
        await page.TypeAsync("Max output tokens of typed", "4096");
        await page.InvokeAsync(page.SubmitAsync);

        page.WaitForAssertion(() => Assert.Matches("/channels/[0-9]+$", Navigation.Uri));
        var made = (await App.Channels.ListAsync(Admin, Cancellation)).Single(c => c.Name == "mine");
        Assert.Equal((App.Upstream.BaseUrl, true, true), (made.BaseUrl, made.HasProviderKey, made.IsEnabled));
        Assert.Equal([new ModelSettings("small"), new ModelSettings("typed", MaxOutputTokens: 4096)], made.Models);
        Assert.Equal(["default"], made.Groups.Select(g => g.Name));
    }

    [Fact]
    public async Task A_stored_provider_key_is_never_on_the_page_and_stays_when_nothing_is_typed()
    {
        var channel = await CreateChannelAsync("mine", ProviderKey);
        var page = Open(channel.Id);
        Assert.DoesNotContain(ProviderKey, page.Markup, StringComparison.Ordinal);
        Assert.Contains("Stored encrypted and never shown again.", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("#provider-key"));

        await page.TypeAsync("Priority", "5");
        await page.InvokeAsync(page.SubmitAsync);

        page.WaitForAssertion(() => Assert.Contains("Changes saved. They apply to the next request.", Said));
        var now = (await App.Channels.FindAsync(Admin, channel.Id, Cancellation))!;
        Assert.Equal((5, true), (now.Priority, now.HasProviderKey));
    }

    [Fact]
    public async Task Another_base_url_asks_for_the_key_again_and_loses_nothing_that_was_typed()
    {
        var channel = await CreateChannelAsync("mine", ProviderKey);
        var page = Open(channel.Id);
        await page.TypeAsync("Base URL", "http://10.1.2.3/v1");
        await page.InvokeAsync(page.SubmitAsync);

        page.WaitForAssertion(() => Assert.Contains("is for another base URL", page.Error("provider-key"), StringComparison.Ordinal));
        Assert.Equal("http://10.1.2.3/v1", page.Field("Base URL").GetAttribute("value"));

        await page.InvokeAsync(() => page.PressAsync("Remove key"));
        await page.InvokeAsync(page.SubmitAsync);
        page.WaitForAssertion(() => Assert.Contains("Changes saved. They apply to the next request.", Said));
        Assert.False((await App.Channels.FindAsync(Admin, channel.Id, Cancellation))!.HasProviderKey);
    }

    [Fact]
    public async Task What_saving_breaks_is_said_before_and_saved_only_when_confirmed()
    {
        var channel = await CreateChannelAsync("mine");
        await App.CreateKeyAsync(await App.CreateActorAsync("ada@example.com"), "night-job", p => p with { Models = ModelRestriction.Only(["fresh"]) });
        var page = Open(channel.Id);
        await page.TypeAsync("Add a model", "other");
        await page.InvokeAsync(() => page.PressAsync("Add model"));
        await page.InvokeAsync(() => page.PressAsync("Remove fresh"));
        Submit(page);

        Assert.Contains("night-job", Dialog(), StringComparison.Ordinal);
        Assert.Equal(["fresh"], (await App.Channels.FindAsync(Admin, channel.Id, Cancellation))!.Models.Select(m => m.Name));

        await AnswerAsync("Save anyway");
        page.WaitForAssertion(() => Assert.Contains("Changes saved. They apply to the next request.", Said));
        Assert.Equal(["other"], (await App.Channels.FindAsync(Admin, channel.Id, Cancellation))!.Models.Select(m => m.Name));
    }

    [Fact]
    public async Task Of_two_editors_the_second_sees_what_the_first_changed_and_can_load_it()
    {
        var channel = await CreateChannelAsync("mine");
        var page = Open(channel.Id);
        await App.Channels.UpdateAsync(Admin, channel.Id, channel.Version, channel.Settings() with { Weight = 9 }, new ProviderKeyChange.Keep(), Cancellation);
        await page.TypeAsync("Name", "renamed");
        await page.InvokeAsync(page.SubmitAsync);

        page.WaitForAssertion(() => Assert.Equal("This channel was changed in another session", page.Find("#conflict").TextContent));
        Assert.Equal(["Weight", "1", "9"], page.FindAll(".conflict tbody tr").Single().Children.Select(c => c.TextContent));
        Assert.Equal("renamed", page.Field("Name").GetAttribute("value"));

        await page.InvokeAsync(() => page.PressAsync("Discard mine and reload"));
        Assert.Equal(("mine", "9"), (page.Field("Name").GetAttribute("value"), page.Field("Weight").GetAttribute("value")));
    }

    [Fact]
    public async Task Switching_a_channel_does_not_make_its_own_editor_a_stranger()
    {
        var channel = await CreateChannelAsync("mine");
        var page = Open(channel.Id);
        await page.TypeAsync("Weight", "3");
        Ask(page, "button", "Disable");
        await AnswerAsync("Disable channel");
        page.WaitForAssertion(() => Assert.Contains("Channel disabled. New requests use other channels.", Said));
        await page.InvokeAsync(page.SubmitAsync);

        page.WaitForAssertion(() => Assert.Contains("Changes saved. They apply to the next request.", Said));
        var now = (await App.Channels.FindAsync(Admin, channel.Id, Cancellation))!;
        Assert.Equal((3, false), (now.Weight, now.IsEnabled));
    }

    [Fact]
    public async Task What_another_administrator_switches_shows_by_itself_and_is_no_conflict()
    {
        var channel = await CreateChannelAsync("mine");
        var page = Open(channel.Id);
        await page.TypeAsync("Weight", "3");

        await App.Channels.SetEnabledAsync(Admin, channel.Id, enabled: false, Cancellation);
        App.Clock.Advance(TimeSpan.FromSeconds(2));

        page.WaitForAssertion(() => Assert.Equal("Disabled", page.Find(".status").TextContent));
        await page.InvokeAsync(page.SubmitAsync);
        page.WaitForAssertion(() => Assert.Contains("Changes saved. They apply to the next request.", Said));
    }

    [Fact]
    public async Task A_channel_that_another_administrator_deletes_says_so_and_keeps_what_was_typed()
    {
        var channel = await CreateChannelAsync("mine");
        var page = Open(channel.Id);
        await page.TypeAsync("Name", "renamed");

        await App.Channels.DeleteAsync(Admin, channel.Id, Cancellation);

        page.WaitForAssertion(() => Assert.Contains("was deleted in another session", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Equal("renamed", page.Field("Name").GetAttribute("value"));
    }

    [Fact]
    public async Task Another_type_says_first_that_programs_would_have_to_call_elsewhere()
    {
        var channel = await CreateChannelAsync("mine");
        var page = Open(channel.Id);
        await SelectAsync(page, "Type", "Anthropic");
        Submit(page);

        Assert.Contains("would serve fresh only at other endpoints", Dialog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apis_are_enabled_and_disabled_each_with_a_base_url_of_its_own_where_it_differs()
    {
        var channel = await CreateChannelAsync("mine");
        var page = Open(channel.Id);
        await page.InvokeAsync(() => Api(page, "Text to speech").ChangeAsync(false));
        await page.InvokeAsync(() => Api(page, "Messages").ChangeAsync(true));
        await page.InvokeAsync(() => page.PressAsync("Base URL for Messages"));
        await page.TypeAsync("Base URL of Messages", "localhost:9000");
        await page.InvokeAsync(page.SubmitAsync);
        Assert.Contains("is not a valid base URL", page.Error("api-Messages-base-url"), StringComparison.Ordinal);

        await page.TypeAsync("Base URL of Messages", "http://10.0.0.9/anthropic/v1");
        Submit(page);
        Assert.Contains("would serve fresh only at other endpoints", Dialog(), StringComparison.Ordinal);
        await AnswerAsync("Save anyway");

        page.WaitForAssertion(() => Assert.Contains("Changes saved. They apply to the next request.", Said));
        var now = (await App.Channels.FindAsync(Admin, channel.Id, Cancellation))!.Apis;
        Assert.DoesNotContain(now, a => a.Api is UpstreamApi.Speech);
        Assert.Contains(new ApiSettings(UpstreamApi.Messages, "http://10.0.0.9/anthropic/v1"), now);
        Assert.Contains(new ApiSettings(UpstreamApi.Embeddings), now);
    }

    [Fact]
    public async Task A_test_says_which_apis_answer_and_offers_to_use_them()
    {
        App.Upstream.Answer = http => http.Request.Method == "GET"
            ? FakeUpstream.Json("""{"data":[{"id":"fresh"}]}""")(http)
            : FakeUpstream.Json("{}", http.Request.Path.Value is "/v1/chat/completions" or "/v1/messages" ? 400 : http.Request.Path.Value is "/v1/embeddings" ? 403 : 404)(http);
        var channel = await CreateChannelAsync("mine");
        var page = Open(channel.Id);
        await page.InvokeAsync(() => page.PressAsync("Test channel"));
        page.WaitForAssertion(() => Assert.Equal(
            ["Available", "Not available", "Couldn't tell: the provider key lacks permission (403)"], page.FindAll(".found dt").Select(t => t.TextContent.Trim())));
        Assert.Equal("Chat completions, Messages", page.FindAll(".found dd")[0].TextContent);
        Assert.Contains("Enabled but not available: Completions, Responses,", page.Markup, StringComparison.Ordinal);

        await page.InvokeAsync(() => page.PressAsync("Use available APIs"));
        Assert.DoesNotContain("Enabled but not available", page.Markup, StringComparison.Ordinal);
        Submit(page);
        Assert.Contains("only at other endpoints", Dialog(), StringComparison.Ordinal);
        await AnswerAsync("Save anyway");

        page.WaitForAssertion(() => Assert.Contains("Changes saved. They apply to the next request.", Said));
        Assert.Equal(
            [UpstreamApi.ChatCompletions, UpstreamApi.Embeddings, UpstreamApi.Messages], (await App.Channels.FindAsync(Admin, channel.Id, Cancellation))!.Apis.Select(a => a.Api));
    }

    [Fact]
    public async Task A_model_has_a_price_for_what_reports_no_tokens()
    {
        var channel = await CreateChannelAsync("mine");
        var page = Open(channel.Id);
        await page.InvokeAsync(() => page.PressAsync("Details of fresh"));
        await page.TypeAsync("Price in tokens of fresh", "1.5");
        await page.InvokeAsync(page.SubmitAsync);
        Assert.Contains("is not a price", page.Error(page.Field("Price in tokens of fresh").Id!), StringComparison.Ordinal);

        await page.TypeAsync("Price in tokens of fresh", "4000");
        await SelectAsync(page, "Price unit of fresh", "image");
        await page.InvokeAsync(page.SubmitAsync);

        page.WaitForAssertion(() => Assert.Contains("Changes saved. They apply to the next request.", Said));
        Assert.Equal(new ModelPrice(PriceUnit.Image, 4_000), (await App.Channels.FindAsync(Admin, channel.Id, Cancellation))!.Models.Single().Price);
        Assert.Contains("4000 tokens per image", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_type_brings_its_own_apis_unless_others_were_chosen()
    {
        var page = Render<ChannelPage>();
        await SelectAsync(page, "Type", "Anthropic");
        Assert.Equal(["Messages", "Token counting"], Enabled(page));

        await page.InvokeAsync(() => Api(page, "Embeddings").ChangeAsync(true));
        await SelectAsync(page, "Type", "OpenAI-compatible");
        Assert.Equal(["Embeddings", "Messages", "Token counting"], Enabled(page));
    }

    [Fact]
    public async Task Hundreds_of_models_can_be_taken_searched_and_removed_again()
    {
        App.Upstream.Answer = FakeUpstream.Json($$"""{"data":[{{string.Join(',', Enumerable.Range(0, 450).Select(i => $$"""{"id":"vendor/model-{{i:000}}"}"""))}}]}""");
        var channel = await CreateChannelAsync("mine");
        var page = Open(channel.Id);
        await page.InvokeAsync(() => page.PressAsync("Test channel"));
        page.WaitForAssertion(() => Assert.Contains("lists 450 models", page.Markup, StringComparison.Ordinal));
        await page.InvokeAsync(() => page.PressAsync("Add all"));
        Assert.Equal(200, page.FindAll(".models tbody tr").Count);
        Assert.Contains("251 more. Search to find them.", page.Markup, StringComparison.Ordinal);

        await page.InvokeAsync(() => page.Find("[aria-label=\"Search the channel's models\"]").InputAsync("model-44"));
        Assert.Equal(10, page.FindAll(".models tbody tr").Count);
        await page.InvokeAsync(() => page.PressAsync("Remove 10 matching"));
        await page.InvokeAsync(page.SubmitAsync);

        page.WaitForAssertion(() => Assert.Contains("Changes saved. They apply to the next request.", Said));
        Assert.Equal(441, (await App.Channels.FindAsync(Admin, channel.Id, Cancellation))!.Models.Count);
    }

    [Fact]
    public async Task A_test_says_which_of_the_channels_models_the_upstream_does_not_list_and_is_no_word_on_another_address()
    {
        App.Upstream.Answer = FakeUpstream.Json("""{"data":[{"id":"listed"},{"id":"fresh-2030"}]}""");
        var channel = await CreateChannelAsync("mine");
        var page = Open(channel.Id);
        await page.InvokeAsync(() => page.PressAsync("Test channel"));
        page.WaitForAssertion(() => Assert.Contains("The provider doesn't list fresh.", page.Markup, StringComparison.Ordinal));

        await page.InvokeAsync(() => page.PressAsync("Details of fresh"));
        await page.TypeAsync("Provider model ID of fresh", "fresh-2030");
        Assert.DoesNotContain("doesn't list", page.Markup, StringComparison.Ordinal);
        Assert.Contains("lists 2 models", page.Markup, StringComparison.Ordinal);

        await page.TypeAsync("Base URL", "http://elsewhere.invalid/v1");
        Assert.DoesNotContain("lists 2 models", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_entries_are_told_each_at_its_place()
    {
        var page = Render<ChannelPage>();
        await page.TypeAsync("Base URL", "localhost:11434");
        await page.TypeAsync("Weight", "0");
        await page.InvokeAsync(page.SubmitAsync);

        Assert.Contains("Enter 1 to 64 characters", page.Error("name"), StringComparison.Ordinal);
        Assert.Contains("is not a valid base URL", page.Error("base-url"), StringComparison.Ordinal);
        Assert.Contains("Add at least one model", page.Error("new-model"), StringComparison.Ordinal);
        Assert.Contains("is not a whole number from 1", page.Error("weight"), StringComparison.Ordinal);
        Assert.Equal(2, (await App.Channels.ListAsync(Admin, Cancellation)).Count);
    }

    [Fact]
    public async Task When_saving_fails_nothing_that_was_typed_is_lost()
    {
        var channel = await CreateChannelAsync("mine");
        await App.Channels.SetEnabledAsync(Admin, channel.Id, enabled: false, Cancellation);
        var page = Open(channel.Id);
        await page.TypeAsync("Name", "renamed");
        Database.Fails = true;
        await page.InvokeAsync(page.SubmitAsync);
        page.WaitForAssertion(() => Assert.Contains("your entries are kept", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));

        Database.Fails = false;
        await page.InvokeAsync(page.SubmitAsync);
        page.WaitForAssertion(() => Assert.Contains("Changes saved. They apply to the next request.", Said));
        Assert.Equal("renamed", (await App.Channels.FindAsync(Admin, channel.Id, Cancellation))!.Name);
    }

    [Fact]
    public async Task What_would_break_and_cannot_be_found_out_is_said_and_left_to_the_person()
    {
        var channel = await CreateChannelAsync("mine");
        var page = Open(channel.Id);
        await page.TypeAsync("Name", "renamed");
        Database.Fails = true;
        Submit(page);
        Assert.Contains("Couldn't check which keys are affected.", Dialog(), StringComparison.Ordinal);

        Database.Fails = false;
        await AnswerAsync("Save anyway");
        page.WaitForAssertion(() => Assert.Contains("Changes saved. They apply to the next request.", Said));
    }

    [Fact]
    public async Task A_preset_fills_in_what_is_known_of_the_provider_and_keeps_what_the_person_entered()
    {
        Navigation.NavigateTo("channels/new?provider=anthropic");
        var page = Render<ChannelPage>();
        Assert.Equal(("Anthropic", "https://api.anthropic.com/v1"), (page.Field("Name").GetAttribute("value"), page.Field("Base URL").GetAttribute("value")));
        Assert.Equal(["Messages", "Token counting"], Enabled(page));
        Assert.Equal(ProviderPresets.Find("anthropic")!.Models, page.FindAll(".models strong").Select(m => m.TextContent));
        Assert.Contains("console.anthropic.com", page.Markup, StringComparison.Ordinal);
        Assert.Equal("Anthropic", page.Find("[aria-current=true]").TextContent.Trim()[2..]);

        await page.TypeAsync("Name", "team-claude");
        await page.InvokeAsync(() => Navigation.NavigateTo("channels/new?provider=deepseek"));
        page.WaitForAssertion(() => Assert.Equal("https://api.deepseek.com/v1", page.Field("Base URL").GetAttribute("value")));
        Assert.Equal("team-claude", page.Field("Name").GetAttribute("value"));
        Assert.Equal(["Chat completions", "Messages"], Enabled(page));
        Assert.Equal(["deepseek-chat", "deepseek-reasoner"], page.FindAll(".models strong").Select(m => m.TextContent));
    }

    [Fact]
    public async Task Every_preset_makes_a_channel_once_its_blanks_are_filled_in()
    {
        foreach (var preset in ProviderPresets.All)
        {
            var form = new ChannelForm(null, []);
            form.Begin(preset);
            form.Name.Type(preset.Id);
            form.BaseUrl.Type((preset.BaseUrl ?? "https://provider.example/v1").Replace("{resource}", "team", StringComparison.Ordinal));
            form.Models.TryAdd("one-more");

            Assert.True(form.TryRead(out var settings), preset.Id);
            var saved = await App.Channels.CreateAsync(Admin, settings, new ProviderKeyChange.Keep(), Cancellation);
            Assert.Equal(preset.Apis.OrderBy(a => a.Api), saved.Now().Apis);
        }
    }

    [Fact]
    public async Task Models_are_loaded_from_the_provider_and_chosen_from_its_list()
    {
        App.Upstream.Answer = FakeUpstream.Json("""{"data":[{"id":"large"},{"id":"fresh"}]}""");
        var channel = await CreateChannelAsync("mine", ProviderKey);
        var page = Open(channel.Id);
        await page.InvokeAsync(() => page.PressAsync("Load models"));
        page.WaitForAssertion(() => Assert.True(Found(page, "fresh").HasAttribute("checked")));
        Assert.All(App.Upstream.Received, r => Assert.Equal("GET", r.Method));

        await page.InvokeAsync(() => Found(page, "large").ChangeAsync(true));
        await page.InvokeAsync(page.SubmitAsync);
        page.WaitForAssertion(() => Assert.Contains("Changes saved. They apply to the next request.", Said));
        Assert.Equal(["fresh", "large"], (await App.Channels.FindAsync(Admin, channel.Id, Cancellation))!.Models.Select(m => m.Name));

        App.Upstream.Answer = FakeUpstream.Json("{}", 401);
        await page.InvokeAsync(() => page.PressAsync("Load models"));
        page.WaitForAssertion(() => Assert.Contains("The provider key was rejected (401).", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_key_is_entered_only_when_the_stored_one_is_to_be_replaced()
    {
        var channel = await CreateChannelAsync("mine", ProviderKey);
        var page = Open(channel.Id);
        await page.InvokeAsync(() => page.PressAsync("Replace key"));
        await page.TypeAsync("Provider key", "another-key-of-the-provider");
        await page.InvokeAsync(page.SubmitAsync);

        page.WaitForAssertion(() => Assert.Contains("Changes saved. They apply to the next request.", Said));
        Assert.Empty(page.FindAll("#provider-key"));
        App.Upstream.Answer = FakeUpstream.Json("""{"data":[]}""");
        await page.InvokeAsync(() => page.PressAsync("Load models"));
        page.WaitForAssertion(() => Assert.Equal("Bearer another-key-of-the-provider", App.Upstream.Received.Last().Headers["Authorization"]));
    }

    [Fact]
    public async Task A_channel_of_the_configuration_can_be_tested_but_not_edited()
    {
        App.Upstream.Answer = FakeUpstream.Json("{}", 401);
        var main = (await App.Channels.ListAsync(Admin, Cancellation)).Single(c => c.Name == "main");
        var page = Open(main.Id);

        Assert.Empty(page.FindAll("form"));
        await page.InvokeAsync(() => page.PressAsync("Test channel"));
        page.WaitForAssertion(() => Assert.Contains("The provider key was rejected (401).", page.Markup, StringComparison.Ordinal));
        Assert.Equal("Bearer provider-key-of-main", App.Upstream.Received.Single().Headers["Authorization"]);
    }

    private static IElement Api(IRenderedComponent<ChannelPage> page, string name) => Named(page, "input[role=switch]", name);

    private static IEnumerable<string?> Enabled(IRenderedComponent<ChannelPage> page) =>
        page.FindAll("input[role=switch]").Where(s => s.GetAttribute("aria-checked") == "true").Select(s => s.GetAttribute("aria-label"));

    private static IElement Found(IRenderedComponent<ChannelPage> page, string model) =>
        page.FindAll("[aria-label='Models found'] label").Single(l => l.TextContent.Trim() == model).QuerySelector("input")!;

    /// <summary>Saves what asks before it is saved.</summary>
    private void Submit(IRenderedComponent<ChannelPage> page)
    {
        var dialogs = Dialogs;
        _ = page.InvokeAsync(() => page.Find("form[autocomplete]").Submit());
        dialogs.WaitForElement("[role=dialog]");
    }

    private IRenderedComponent<ChannelPage> Open(long id)
    {
        var page = Render<ChannelPage>(parameters => parameters.Add(p => p.Id, id));
        page.WaitForState(() => page.FindAll("h1").Count > 0);
        return page;
    }
}
