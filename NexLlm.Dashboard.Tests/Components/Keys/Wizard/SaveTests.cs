using Bunit;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Keys.Wizard;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys.Wizard;

public sealed class SaveTests(NexLlmApp app) : WizardTests(app), IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task Saving_twice_at_once_makes_one_key_and_shows_its_secret()
    {
        var (page, me) = await OpenSettingsAsync();
        await page.SubmitAsync();

        var draftsBefore = JSInterop.Invocations["sessionStorage.setItem"].Count;
        Task first, second;
        using (await App.Services.GetRequiredService<WriteGate>().EnterAsync(Cancellation))
        {
            first = page.SubmitAsync();
            second = page.SubmitAsync();
            Assert.False(first.IsCompleted || second.IsCompleted, "Both wait for the one save.");
        }

        await Task.WhenAll(first, second);
        Assert.Equal(draftsBefore + 1, JSInterop.Invocations["sessionStorage.setItem"].Count);
        Assert.Equal(Step7, page.Heading());
        var key = Assert.Single(await KeysOfAsync(me));
        Assert.True(KeySecret.TryParse(page.Find("[data-secret]").TextContent, out var secret));
        Assert.Equal(key.DisplayForm, secret.DisplayForm);
    }

    [Fact]
    public async Task A_failed_save_says_so_and_trying_again_makes_one_key()
    {
        var (page, me) = await OpenSettingsAsync("breaks");
        await page.SubmitAsync();
        await ExecuteAsync($"CREATE TRIGGER broken BEFORE INSERT ON ApiKeys BEGIN SELECT RAISE(ABORT, 'broken'); END");

        await page.SubmitAsync();
        await ExecuteAsync($"DROP TRIGGER broken");
        Assert.Equal(Step6, page.Heading());
        Assert.Contains("Couldn't save the key", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Empty(await KeysOfAsync(me));

        await page.SubmitAsync();
        Assert.Equal(Step7, page.Heading());
        Assert.Single(await KeysOfAsync(me));
    }

    [Fact]
    public async Task An_account_with_as_many_keys_as_it_may_have_is_told_at_saving()
    {
        await using var small = new NexLlmApp { Settings = { ["Keys:MaxPerAccount"] = "1" } };
        await using var browser = new Browser(small);
        await browser.RefusesTheSecondKeyAsync();
    }

    [Fact]
    public async Task A_circuit_lost_at_the_last_step_finds_the_key_without_its_secret_and_offers_a_replacement()
    {
        var (page, me) = await OpenRevealAsync();
        var secret = page.Find("[data-secret]").TextContent;
        var kept = (string)JSInterop.Invocations["sessionStorage.setItem"][^1].Arguments[1]!;

        await using var later = new Browser(App, kept);
        var again = await later.OpenAsync(me);

        Assert.Equal("Key already created", again.Heading());
        Assert.DoesNotContain(secret, again.Markup, StringComparison.Ordinal);
        Assert.Empty(again.FindAll("form"));

        await again.PressAsync("Delete and replace");
        Assert.Empty(await KeysOfAsync(me));
        var old = Assert.Single(await App.Keys.ListDeletedAsync(me, Cancellation));
        Assert.EndsWith($"keys/new?from={old.Id}", later.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_survives_a_lost_circuit_for_the_same_person_only()
    {
        var (page, me) = await OpenSettingsAsync("half done");
        await page.TypeAsync("IP Allowlist", "198.51.100.1");
        await page.Find("form").FocusOutAsync();
        var kept = (string)JSInterop.Invocations["sessionStorage.setItem"][^1].Arguments[1]!;

        await using var mine = new Browser(App, kept);
        var again = await mine.OpenAsync(me);
        Assert.Equal("half done", again.Field("Name").GetAttribute("value"));
        await again.SubmitAsync();
        Assert.Equal("198.51.100.1", again.Field("IP Allowlist").GetAttribute("value"));

        await using var theirs = new Browser(App, kept);
        var other = await theirs.OpenAsync(await App.CreateActorAsync());
        Assert.Equal("", other.Field("Name").GetAttribute("value"));
    }

    [Fact]
    public async Task A_login_that_ends_meanwhile_costs_nothing_that_was_typed()
    {
        var (page, me) = await OpenSettingsAsync();
        await ExecuteAsync($"UPDATE Sessions SET EndedAt = 1 WHERE Id = {me.SessionId}");
        await page.SubmitAsync();

        await Assert.ThrowsAsync<AccessDeniedException>(() => page.SubmitAsync());
        await DisposeComponentsAsync();

        Assert.Empty(JSInterop.Invocations["sessionStorage.removeItem"]);
    }

    [Fact]
    public async Task A_duplicated_tab_that_asks_for_another_key_says_so_and_makes_it_when_saved_again()
    {
        var (page, me) = await OpenSettingsAsync("first");
        var duplicated = (string)JSInterop.Invocations["sessionStorage.setItem"][^1].Arguments[1]!;
        await using var tab = new Browser(App, duplicated);
        var copy = await tab.OpenAsync(me);

        await page.SubmitAsync();
        await page.SubmitAsync();
        await copy.TypeAsync("Name", "second");
        await copy.SubmitAsync();
        await copy.SubmitAsync();
        await copy.SubmitAsync();

        Assert.Equal(Step6, copy.Heading());
        Assert.Contains("“first” was already created", copy.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal(["first"], (await KeysOfAsync(me)).Select(k => k.Name));

        await copy.SubmitAsync();
        Assert.Equal(Step7, copy.Heading());
        Assert.Equal(["first", "second"], (await KeysOfAsync(me)).Select(k => k.Name).Order());
    }

    [Fact]
    public async Task Leaving_the_wizard_keeps_the_draft_and_starting_over_discards_it()
    {
        var (_, me) = await OpenSettingsAsync("half done");
        var kept = (string)JSInterop.Invocations["sessionStorage.setItem"][^1].Arguments[1]!;
        Navigation.NavigateTo("keys");
        await DisposeComponentsAsync();
        Assert.Empty(JSInterop.Invocations["sessionStorage.removeItem"]);

        await using var browser = new Browser(App, kept);
        var again = await browser.OpenAsync(me);
        Assert.Equal("half done", again.Field("Name").GetAttribute("value"));
        await again.PressAsync("Start over");

        Assert.Equal("", again.Field("Name").GetAttribute("value"));
        Assert.Single(browser.JSInterop.Invocations["sessionStorage.removeItem"]);
    }

    [Fact]
    public async Task The_draft_of_a_saved_key_is_discarded_when_the_wizard_is_left()
    {
        await OpenRevealAsync();
        Assert.Empty(JSInterop.Invocations["sessionStorage.removeItem"]);

        await DisposeComponentsAsync();

        Assert.Single(JSInterop.Invocations["sessionStorage.removeItem"]);
    }

    [Theory]
    [InlineData("settings", "half done", Step5)]
    [InlineData("save", "half done", Step6)]
    [InlineData("save", "", Step4)]
    [InlineData("nonsense", "half done", Step4)]
    public async Task An_address_opens_a_step_only_if_those_before_it_are_complete(string step, string name, string heading)
    {
        var (page, me) = await OpenAsync();
        await page.TypeAsync("Name", name);
        await page.Find("form").FocusOutAsync();
        var kept = (string)JSInterop.Invocations["sessionStorage.setItem"][^1].Arguments[1]!;

        await using var browser = new Browser(App, kept);

        Assert.Equal(heading, (await browser.OpenAsync(me, step)).Heading());
    }

    [Fact]
    public async Task A_draft_that_cannot_be_read_is_dropped()
    {
        await using var browser = new Browser(App, "garbage");

        var page = await browser.OpenAsync(await App.CreateActorAsync());

        Assert.Equal("", page.Field("Name").GetAttribute("value"));
    }

    /// <summary>Another circuit, whose tab still keeps what an earlier one stored.</summary>
    private sealed class Browser : WizardTests
    {
        public Browser(NexLlmApp app, string? kept = null)
            : base(app) => JSInterop.Setup<string?>("sessionStorage.getItem", _ => true).SetResult(kept);

        public string Address => Navigation.Uri;

        public async Task<IRenderedComponent<KeyWizard>> OpenAsync(Actor me, string? step = null) => (await base.OpenAsync(me: me, step: step)).Page;

        public async Task RefusesTheSecondKeyAsync()
        {
            var (page, me) = await OpenSettingsAsync();
            await App.CreateKeyAsync(me, "first");
            await page.SubmitAsync();
            await page.SubmitAsync();

            Assert.Equal(Step6, page.Heading());
            Assert.Contains("at its limit of", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        }
    }
}
