using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys;

public sealed class KeyListSearchTests(NexLlmApp app) : ListPageTests(app), IClassFixture<NexLlmApp>
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task A_search_waits_for_a_pause_in_the_typing()
    {
        var clock = new WatchedClock(App.Clock);
        Services.AddSingleton<TimeProvider>(clock);
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "production-app");
        await App.CreateKeyAsync(actor, "dev-testing");
        var page = Open();

        await Box(page).InputAsync("d");
        await clock.PauseBegan();
        App.Clock.Advance(_pause - TimeSpan.FromMilliseconds(1));
        await Box(page).InputAsync("dev");
        await clock.PauseBegan();
        App.Clock.Advance(_pause - TimeSpan.FromMilliseconds(1));
        Assert.EndsWith("/keys", Navigation.Uri, StringComparison.Ordinal);

        App.Clock.Advance(TimeSpan.FromMilliseconds(1));
        page.WaitForAssertion(() => Assert.Equal(["dev-testing"], Names(page)));
        // The rows come before the address.
        page.WaitForAssertion(() => Assert.EndsWith("/keys?q=dev", Navigation.Uri, StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Equal("1 key.", page.Find("p[role=status]").TextContent));
    }

    [Fact]
    public async Task Enter_does_not_wait()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "dev-testing");
        var page = Open();

        await Box(page).InputAsync("nothing like it");
        await Box(page).KeyDownAsync("Enter");

        page.WaitForAssertion(() => Assert.Equal("No matching keys", page.Find("h2").TextContent));
    }

    [Fact]
    public async Task Refining_a_search_is_one_step_back()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "dev-testing");
        var page = Open();

        foreach (var text in (string[])["d", "de", "dev"])
        {
            await Box(page).InputAsync(text);
            App.Clock.Advance(_pause);
            page.WaitForAssertion(() => Assert.EndsWith($"q={text}", Navigation.Uri, StringComparison.Ordinal));
        }

        Assert.Equal(["keys", "keys?q=dev"], Navigation.History.Reverse().Select(step => Navigation.ToBaseRelativePath(Navigation.ToAbsoluteUri(step.Uri).AbsoluteUri)));
    }

    [Fact]
    public async Task What_is_being_typed_is_not_overwritten_by_the_answer_to_what_was_typed_before()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "dev-testing");
        var page = Open();

        await Box(page).InputAsync("dev");
        App.Clock.Advance(_pause);
        await Box(page).InputAsync("dev-t");
        page.WaitForAssertion(() => Assert.EndsWith("q=dev", Navigation.Uri, StringComparison.Ordinal));

        Assert.Equal("dev-t", Box(page).GetAttribute("value"));
    }

    [Fact]
    public async Task Going_back_puts_the_earlier_search_into_the_box()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "dev-testing");
        var page = Open("keys?q=dev");

        Navigation.NavigateTo("keys");

        page.WaitForAssertion(() => Assert.Equal("", Box(page).GetAttribute("value")));
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("  {0} ")]
    [InlineData("Authorization: Bearer {0}")]
    [InlineData("API_KEY=\"{0}\"")]
    public async Task A_pasted_secret_finds_its_key_and_reaches_neither_address_box_nor_log(string pasted)
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "another");
        var made = await App.CreateKeyAsync(actor, "leaked");
        var secret = made.Secret.Reveal();
        var page = Open();

        await Box(page).InputAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, pasted, secret));
        App.Clock.Advance(_pause);

        page.WaitForAssertion(() => Assert.Equal(["leaked"], Names(page)));
        Assert.EndsWith($"/keys?id={made.Key.Id}", Navigation.Uri, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, page.Markup, StringComparison.Ordinal);
        Assert.All(Navigation.History, step => Assert.DoesNotContain("sk-", step.Uri, StringComparison.Ordinal));
        Assert.DoesNotContain(secret, App.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_display_form_finds_its_key_too()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "another");
        var made = await App.CreateKeyAsync(actor, "wanted");
        var page = Open();

        await Box(page).InputAsync(made.Key.DisplayForm);
        App.Clock.Advance(_pause);

        page.WaitForAssertion(() => Assert.Equal(["wanted"], Names(page)));
    }

    [Theory]
    [InlineData("sk-nexllm-nothing")]
    [InlineData("sk-proj-of-somebody-else")]
    public async Task A_secret_that_is_nobodys_is_said_to_be_so(string pasted)
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "another");
        var page = Open();

        await Box(page).InputAsync(pasted);
        App.Clock.Advance(_pause);

        page.WaitForAssertion(() => Assert.StartsWith("That key doesn't belong to your account.", page.Find(".mud-alert").TextContent.Trim(), StringComparison.Ordinal));
        Assert.EndsWith("/keys", Navigation.Uri, StringComparison.Ordinal);
        Assert.DoesNotContain(pasted, page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_keys_secret_is_recognised()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "another");
        var made = await App.CreateKeyAsync(actor, "gone");
        await App.Keys.DeleteAsync(actor, [made.Key.Id], Cancellation);
        var page = Open();

        await Box(page).InputAsync(made.Secret.Reveal());
        App.Clock.Advance(_pause);

        page.WaitForAssertion(() => Assert.Contains("gone, was deleted and no longer works", page.Find(".mud-alert").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_secret_that_somebody_put_into_the_address_does_not_stay_there()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "one");

        var page = Open("keys?q=sk-nexllm-abc&show=active");

        Assert.EndsWith("/keys?show=active", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal(["one"], Names(page)));
    }

    [Fact]
    public async Task An_administrator_finds_anothers_key_but_cannot_edit_it()
    {
        var owner = await App.CreateActorAsync();
        var made = await App.CreateKeyAsync(owner, "leaked");
        var administrator = await LogInAsync(administrator: true);
        await App.CreateKeyAsync(administrator, "own");
        var page = Open();

        await Box(page).InputAsync(made.Secret.Reveal());
        App.Clock.Advance(_pause);

        page.WaitForAssertion(() => Assert.Equal(["leaked"], Names(page)));
        Assert.Contains("Another account's key", page.Find("tbody").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(page.FindAll("tbody a"), a => a.GetAttribute("href")!.EndsWith("/edit", StringComparison.Ordinal));
        Named(page, "tbody button", "Delete leaked");
    }

    /// <summary>Tells when a pause in the typing is timed, which is once the one before it is given up.</summary>
    private sealed class WatchedClock(TimeProvider clock) : TimeProvider
    {
        private readonly SemaphoreSlim _began = new(0);

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp();

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = clock.CreateTimer(callback, state, dueTime, period);
            if (dueTime == _pause)
            {
                _began.Release();
            }

            return timer;
        }

        public Task PauseBegan() => _began.WaitAsync(Cancellation);
    }

    private static IElement Box(IRenderedComponent<KeyList> page) => page.Find("input[type=search]");
}
