using Bunit;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Keys.Edit;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys.Edit;

public sealed class EditKeyPageTests(NexLlmApp app) : KeyPageTests(app), IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task An_untouched_expiration_keeps_its_instant_whatever_zone_the_editor_is_in()
    {
        var inADay = new DateTimeOffset(2040, 6, 15, 13, 37, 0, TimeSpan.Zero);
        var (page, me, key) = await OpenAsync(policy => policy with { Expiration = new Expiration(inADay) }, zone: "Asia/Tokyo");

        await page.TypeAsync("Name", "renamed");
        await page.TypeAsync("Expiration", "2041-01-01");
        await page.TypeAsync("Expiration", "2040-06-15");
        await page.SubmitAsync();

        var saved = await FindAsync(me, key.Id);
        Assert.Equal("renamed", saved.Name);
        Assert.Equal(inADay, saved.Policy.Expiration.At);
    }

    [Fact]
    public async Task Editing_a_name_touches_neither_the_counters_nor_the_limit()
    {
        var (page, me, key) = await OpenAsync(policy => policy with { TokenLimit = 1_000 });
        await App.UseKeyAsync(key.Id, 400);

        await page.TypeAsync("Name", "renamed");
        await page.SubmitAsync();

        Assert.Equal("Changes saved.", Assert.Single(Said));
        Assert.Equal(new TokenQuota(1_000, 400), (await FindAsync(me, key.Id)).Quota);
    }

    [Fact]
    public async Task Added_tokens_come_on_top_of_a_limit_that_is_used_meanwhile()
    {
        var (page, me, key) = await OpenAsync(policy => policy with { TokenLimit = 1_000 });
        await App.UseKeyAsync(key.Id, 400);

        await page.Field("Add tokens").ClickAsync(new());
        await page.TypeAsync("Tokens to add", "2K");
        await page.SubmitAsync();

        Assert.Equal(new TokenQuota(3_000, 400), (await FindAsync(me, key.Id)).Quota);
    }

    [Fact]
    public async Task A_total_below_what_is_used_says_that_the_key_is_exhausted_at_once()
    {
        var (page, me, key) = await OpenAsync(policy => policy with { TokenLimit = 1_000 }, used: 400);

        await page.Field("Set limit").ClickAsync(new());
        await page.TypeAsync("New limit in tokens", "300");
        Assert.Contains("The key stops immediately.", page.Find("#quota-note").TextContent, StringComparison.Ordinal);
        await page.SubmitAsync();

        Assert.Equal(KeyStatus.QuotaExhausted, (await FindAsync(me, key.Id)).StatusAt(App.Clock.GetUtcNow()));
        Assert.Contains("Quota exhausted", page.Find(".status").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unlimited_turned_off_leaves_what_was_typed_from_the_moment_of_saving()
    {
        var (page, me, key) = await OpenAsync();
        await App.UseKeyAsync(key.Id, 400);

        await page.Field("Unlimited Quota").ChangeAsync(false);
        await page.SubmitAsync();
        Assert.Contains("Enter a whole number", page.Error("quota"), StringComparison.Ordinal);
        await page.TypeAsync("Remaining Quota in tokens", "1000");
        await page.SubmitAsync();

        Assert.Equal(new TokenQuota(1_400, 400), (await FindAsync(me, key.Id)).Quota);
    }

    [Fact]
    public async Task Unlimited_turned_on_lifts_the_limit()
    {
        var (page, me, key) = await OpenAsync(policy => policy with { TokenLimit = 1_000 }, used: 1_000);

        await page.Field("Unlimited Quota").ChangeAsync(true);
        await page.SubmitAsync();

        Assert.Null((await FindAsync(me, key.Id)).Quota.Limit);
    }

    [Fact]
    public async Task What_is_used_moves_on_the_page_and_touches_nothing_that_is_typed()
    {
        var (page, me, key) = await OpenAsync(policy => policy with { TokenLimit = 1_000 });
        await page.TypeAsync("Name", "renamed");
        await page.Field("Set limit").ClickAsync(new());
        await page.TypeAsync("New limit in tokens", "800");
        var announced = Announced(page);

        await App.UseKeyAsync(key.Id, 300);
        page.WaitForAssertion(() => Assert.Contains("700 of 1,000 tokens left, 300 used.", page.Markup, StringComparison.Ordinal));
        Assert.Equal(("30", "Quota used"), (page.Find("[role=progressbar]").GetAttribute("aria-valuenow"), page.Find("[role=progressbar]").GetAttribute("aria-label")));
        Assert.EndsWith("(500 left)", page.Find("#quota-note").TextContent, StringComparison.Ordinal);
        Assert.Contains("Last used", page.Find(".page-title").TextContent, StringComparison.Ordinal);
        Assert.Equal(announced, Announced(page));
        Assert.Equal(("renamed", "800"), (page.Field("Name").GetAttribute("value"), page.Field("New limit in tokens").GetAttribute("value")));

        App.Clock.Advance(TimeSpan.FromSeconds(1));
        await App.UseKeyAsync(key.Id, 700);
        page.WaitForAssertion(() => Assert.Contains("Quota exhausted", page.Find(".status").TextContent, StringComparison.Ordinal));

        await page.SubmitAsync();
        var saved = await FindAsync(me, key.Id);
        Assert.Equal(("renamed", new TokenQuota(800, 1_000)), (saved.Name, saved.Quota));
    }

    [Fact]
    public async Task That_a_key_was_used_is_no_part_of_a_conflict()
    {
        var (page, me, key) = await OpenAsync(policy => policy with { TokenLimit = 1_000 });
        await App.Keys.EditAsync(me, new EditKey(key.Id, key.Version, Name: "theirs"), Cancellation);
        await App.UseKeyAsync(key.Id, 300);

        await page.TypeAsync("Name", "mine");
        await page.SubmitAsync();

        Assert.Equal(["Name"], page.FindAll("[role=alert] tbody th").Select(field => field.TextContent));
    }

    [Fact]
    public async Task The_second_of_two_editors_is_told_and_overwrites_nothing()
    {
        var (page, me, key) = await OpenAsync();
        await App.Keys.EditAsync(me, new EditKey(key.Id, key.Version, Name: "theirs", Quota: new QuotaChange.SetRemaining(500)), Cancellation);

        await page.TypeAsync("Name", "mine");
        await page.TypeAsync("IP Allowlist", MyAddress);
        await page.SubmitAsync();

        Assert.Equal("theirs", (await FindAsync(me, key.Id)).Name);
        Assert.Equal(
            ["Name|theirs|mine", "Remaining Quota|500 tokens|Not changed", "Unlimited Quota|Disabled|Not changed"],
            page.FindAll("[role=alert] tbody tr").Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent))));
        Assert.Equal("mine", page.Field("Name").GetAttribute("value"));

        await page.SubmitAsync();
        Assert.Equal("theirs", (await FindAsync(me, key.Id)).Name);
        Assert.True((await FindAsync(me, key.Id)).Policy.Ips.IsUnrestricted);

        await page.PressAsync("Discard mine and reload");
        Assert.Equal("theirs", page.Field("Name").GetAttribute("value"));
        Assert.Empty(page.FindAll("[role=alert]"));
        await page.TypeAsync("Name", "mine after all");
        await page.SubmitAsync();
        Assert.Equal("mine after all", (await FindAsync(me, key.Id)).Name);
    }

    [Fact]
    public async Task Disabling_here_is_no_conflict_with_my_own_edit_but_hides_none_of_anothers()
    {
        var (page, me, key) = await OpenAsync();

        await page.TypeAsync("Name", "kept");
        await page.PressAsync("Disable");
        Assert.Contains("Disabled", page.Find(".status").TextContent, StringComparison.Ordinal);
        Assert.Equal("kept", page.Field("Name").GetAttribute("value"));
        await page.SubmitAsync();
        var saved = await FindAsync(me, key.Id);
        Assert.Equal(("kept", false), (saved.Name, saved.IsEnabled));

        await App.Keys.EditAsync(me, new EditKey(key.Id, saved.Version, Name: "theirs"), Cancellation);
        await page.PressAsync("Enable");
        await page.TypeAsync("Name", "mine");
        await page.SubmitAsync();
        Assert.Equal("theirs", (await FindAsync(me, key.Id)).Name);
    }

    [Fact]
    public async Task Saving_without_a_change_writes_nothing()
    {
        var (page, me, key) = await OpenAsync();

        await page.SubmitAsync();

        Assert.Equal("No changes to save", Assert.Single(Said));
        Assert.Equal(key.Version, (await FindAsync(me, key.Id)).Version);
    }

    [Fact]
    public async Task A_wrong_entry_is_named_and_nothing_is_saved()
    {
        var (page, me, key) = await OpenAsync();

        await page.TypeAsync("Name", "renamed");
        await page.TypeAsync("IP Allowlist", "10.0.0.1/8");
        await page.SubmitAsync();

        Assert.Contains("Enter 10.0.0.0/8", page.Error("ips"), StringComparison.Ordinal);
        Assert.Equal("ips", Script.Invocations["focusOn"][^1].Arguments[0]);
        Assert.Equal(key.Name, (await FindAsync(me, key.Id)).Name);
    }

    [Fact]
    public async Task A_model_out_of_service_and_a_group_switched_off_stay_until_their_owner_changes_them()
    {
        var group = await AddGroupAsync("closing", "old-model");
        var (_, me, key) = await OpenAsync(policy => policy with { GroupId = group, Models = ModelRestriction.Only(["old-model"]) });
        await ExecuteAsync($"UPDATE ChannelGroups SET IsEnabled = 0 WHERE Id = {group}");
        await ExecuteAsync($"UPDATE Channels SET IsEnabled = 0 WHERE Name = 'closing'");

        var page = Open(key.Id);
        Assert.Contains("old-model · not available", page.Markup, StringComparison.Ordinal);
        await page.TypeAsync("Name", "renamed");
        await page.SubmitAsync();

        var saved = await FindAsync(me, key.Id);
        Assert.Equal("renamed", saved.Name);
        Assert.Equal(key.Policy, saved.Policy);
    }

    [Fact]
    public async Task An_administrator_sees_anothers_policy_and_can_only_disable_or_delete_the_key()
    {
        var other = await App.CreateKeyAsync(await App.CreateActorAsync(), "theirs", policy => policy with { TokenLimit = 5_000 });
        LogIn(await App.CreateActorAsync(administrator: true));
        var page = Open(other.Key.Id);

        Assert.Contains("5 thousand tokens", page.Find("dl").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("form[autocomplete]"));
        await page.PressAsync("Disable");
        Assert.Contains("Disabled", page.Find(".status").TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.Button("Delete"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Anothers_key_and_one_that_never_was_are_equally_not_found(bool exists)
    {
        var other = await App.CreateKeyAsync(await App.CreateActorAsync(), "theirs");
        LogIn(await App.CreateActorAsync());
        var notFound = 0;
        Navigation.OnNotFound += (_, _) => notFound++;

        var page = Render<EditKeyPage>(p => p.Add(e => e.Id, exists ? other.Key.Id : long.MaxValue));

        Assert.Equal(1, notFound);
        Assert.DoesNotContain("theirs", page.Markup, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Announced(IRenderedComponent<EditKeyPage> page) => [.. page.FindAll("[role=status]").Select(region => region.TextContent)];

    private async Task<(IRenderedComponent<EditKeyPage> Page, Actor Me, KeyDetails Key)> OpenAsync(
        Func<KeyPolicy, KeyPolicy>? restrict = null, string zone = "UTC", long used = 0)
    {
        var me = await App.CreateActorAsync();
        var key = (await App.CreateKeyAsync(me, "app", restrict)).Key;
        await App.UseKeyAsync(key.Id, used);
        LogIn(me, zone);
        _ = Popovers;
        return (Open(key.Id), me, key);
    }

    private IRenderedComponent<EditKeyPage> Open(long id)
    {
        var page = Render<EditKeyPage>(p => p.Add(e => e.Id, id));
        page.WaitForState(() => page.FindAll(":is(fieldset, button)[disabled]").Count == 0);
        return page;
    }

    private async Task<KeyDetails> FindAsync(Actor me, long id) =>
        await App.Keys.FindAsync(me, id, Cancellation) ?? throw new InvalidOperationException("The key is gone.");
}
