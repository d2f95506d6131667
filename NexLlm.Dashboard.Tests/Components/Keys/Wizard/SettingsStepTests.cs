using System.Net;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys.Wizard;

public sealed class SettingsStepTests(NexLlmApp app) : WizardTests(app), IClassFixture<NexLlmApp>
{
    [Theory]
    [InlineData("Expiration", "expiration", "31.12.2041", "Enter a date as YYYY-MM-DD, such as 2040-03-01")]
    [InlineData("Expiration", "expiration", "2040-02-29", "Expiration must be today or later.")]
    [InlineData("Expiration", "expiration", "-2", "Enter a date as YYYY-MM-DD")]
    [InlineData("Remaining Quota", "quota", "many", "Enter a whole number of tokens")]
    [InlineData("Remaining Quota", "quota", "0", "at least 1 token")]
    [InlineData("IP Allowlist", "ips", "203.0.113.7\n010.0.0.1", "Line 2: \"010.0.0.1\" has leading zeros. Enter 10.0.0.1.")]
    [InlineData("IP Allowlist", "ips", "10.1.2.3/8", "Line 1: \"10.1.2.3/8\" has host bits set. Enter 10.0.0.0/8")]
    public async Task A_wrong_entry_says_what_and_how_to_fix_it_and_gets_the_focus(string label, string id, string text, string error)
    {
        var (page, _) = await OpenSettingsAsync();

        await page.TypeAsync(label, text);
        Assert.Null(page.Error(id));
        await page.SubmitAsync();

        Assert.Equal(Step5, page.Heading());
        Assert.Contains(error, page.Error(id), StringComparison.Ordinal);
        Assert.Equal("true", page.Find($"#{id}").GetAttribute("aria-invalid"));
        Assert.Equal(id, Script.Invocations["focusOn"][^1].Arguments[0]);
    }

    [Fact]
    public async Task Every_option_is_entered_in_the_control_that_links_to_it_lead_to()
    {
        var (page, _) = await OpenSettingsAsync();

        Assert.All(KeyOption.All.Where(option => option != KeyOption.Name), option => Assert.Single(page.FindAll($"#{option.Id}")));
    }

    [Theory]
    [InlineData("nexllm-echo-small", "nexllm-echo-small")]
    [InlineData("served by no group", null)]
    public async Task A_model_of_the_catalogue_is_chosen_from_the_start(string asked, string? chosen)
    {
        var (page, me) = await OpenAsync(model: asked);
        await page.TypeAsync("Name", "app");
        await page.SubmitAsync();
        Assert.Equal(Step5, page.Heading());
        await page.SubmitAsync();
        await page.SubmitAsync();

        Assert.Equal(chosen is null ? ModelRestriction.All : ModelRestriction.Only([chosen]), Assert.Single(await KeysOfAsync(me)).Policy.Models);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    public async Task A_blank_expiration_and_minus_one_never_expire(string text)
    {
        var (page, me) = await OpenSettingsAsync();

        await page.TypeAsync("Expiration", text);
        Assert.Equal("true", page.Button("Never").GetAttribute("aria-pressed"));
        await page.SubmitAsync();
        await page.SubmitAsync();

        Assert.True(Assert.Single(await KeysOfAsync(me)).Policy.Expiration.IsNever);
    }

    [Theory]
    [InlineData("7 days", "2040-03-08")]
    [InlineData("30 days", "2040-03-31")]
    [InlineData("90 days", "2040-05-30")]
    [InlineData("1 year", "2041-03-01")]
    public async Task A_preset_fills_in_a_day_and_its_exact_instant(string preset, string day)
    {
        var (page, _) = await OpenSettingsAsync();

        await page.PressAsync(preset);

        Assert.Equal(day, page.Field("Expiration").GetAttribute("value"));
        Assert.Contains("00:00:00 UTC", page.Find("#expiration-help").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_calendar_hands_its_choice_to_the_text_field()
    {
        var (page, _) = await OpenSettingsAsync();

        await page.PressAsync("Choose the expiration date in a calendar");
        await page.InvokeAsync(() => page.FindComponent<MudDatePicker>().Instance.DateChanged.InvokeAsync(new DateTime(2040, 6, 15)));

        Assert.Equal("2040-06-15", page.Field("Expiration").GetAttribute("value"));
    }

    [Fact]
    public async Task Less_than_an_hour_ahead_warns_and_is_allowed()
    {
        App.Clock.SetUtcNow(NexLlmApp.Start.AddHours(11.5));
        var (page, _) = await OpenSettingsAsync();

        await page.TypeAsync("Expiration", "2040-03-01");
        Assert.Contains("expires in less than an hour", page.Find(".mud-alert-text-warning").TextContent, StringComparison.Ordinal);
        await page.SubmitAsync();

        Assert.Equal(Step6, page.Heading());
    }

    [Fact]
    public async Task Unlimited_is_on_at_first_and_typing_a_quota_turns_it_off()
    {
        var (page, _) = await OpenSettingsAsync();
        Assert.True(page.Field("Unlimited Quota").HasAttribute("checked"));

        await page.TypeAsync("Remaining Quota", "1,000,000");
        Assert.False(page.Field("Unlimited Quota").HasAttribute("checked"));
        Assert.Contains("1 million tokens", page.Find("#quota-help").TextContent, StringComparison.Ordinal);

        await page.Field("Unlimited Quota").ChangeAsync(true);
        Assert.Equal("", page.Field("Remaining Quota").GetAttribute("value"));
        await page.Field("Unlimited Quota").ChangeAsync(false);
        Assert.Equal("1,000,000", page.Field("Remaining Quota").GetAttribute("value"));
    }

    [Fact]
    public async Task Unlimited_turned_off_without_a_quota_asks_for_one()
    {
        var (page, _) = await OpenSettingsAsync();

        await page.Field("Unlimited Quota").ChangeAsync(false);
        await page.SubmitAsync();

        Assert.Contains("Enter a whole number of tokens", page.Error("quota"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0L, "has no quota yet")]
    [InlineData(6_200_000L, "overall quota (6.2 million tokens left)")]
    [InlineData(null, "also unlimited")]
    public async Task Beside_the_quota_stands_what_the_account_has_left(long? limit, string words)
    {
        var (page, _) = await OpenSettingsAsync(accountLimit: limit);

        Assert.Contains(words, page.Find("#unlimited-help").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_group_names_the_models_that_it_does_not_serve_and_drops_none()
    {
        await AddGroupAsync("economy", "cheap-model");
        var (page, me) = await OpenSettingsAsync();
        await page.Field("Model Restrictions").InputAsync("SMALL");
        Popovers.WaitForAssertion(() => Assert.Equal(["nexllm-echo-small"], Popovers.FindAll(".mud-list-item").Select(item => item.TextContent.Trim())));
        await Popovers.InvokeAsync(() => Popovers.Find(".mud-list-item").ClickAsync(new()));
        Assert.Equal("", page.Field("Model Restrictions").GetAttribute("value"));

        await page.ChooseAsync("Group", "economy", Popovers);
        Assert.Equal("economy · ×0.5 · 1 model", page.Field("Group").GetAttribute("value"));

        Assert.Contains("nexllm-echo-small · not available", page.Find("ul[aria-label='Selected models']").TextContent, StringComparison.Ordinal);
        Assert.Equal("Not available in group economy: nexllm-echo-small. Remove it or choose another group.", page.Error("models"));
        await page.SubmitAsync();
        Assert.Equal(Step5, page.Heading());

        await page.PressAsync("Remove nexllm-echo-small, not available");
        await page.SubmitAsync();
        await page.SubmitAsync();
        var key = Assert.Single(await KeysOfAsync(me));
        Assert.Equal("economy", key.GroupName);
        Assert.True(key.Policy.Models.IsUnrestricted);
    }

    [Fact]
    public async Task My_address_is_added_once_and_being_shut_out_is_said()
    {
        var (page, _) = await OpenSettingsAsync();

        await page.TypeAsync("IP Allowlist", "198.51.100.1");
        Assert.Contains($"Your IP address ({MyAddress}) isn't on the list", page.Find(".mud-alert-text-warning").TextContent, StringComparison.Ordinal);

        await page.PressAsync("Add my current IP");
        await page.PressAsync("Add my current IP");
        Assert.Equal($"198.51.100.1\n{MyAddress}", page.Field("IP Allowlist").GetAttribute("value"));
        Assert.Empty(page.FindAll(".mud-alert-text-warning"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("172.31.0.9")]
    [InlineData("fd00::9")]
    public async Task An_address_of_the_servers_own_network_warns_that_it_may_be_a_proxys(string address)
    {
        var (page, _) = await OpenSettingsAsync();
        Services.GetRequiredService<CurrentUser>().Address = IPAddress.TryParse(address, out var local) ? local : null;

        await page.TypeAsync("IP Allowlist", address);

        Assert.Contains("Behind a reverse proxy", page.Find(".mud-alert-text-warning").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_address_is_not_offered_and_counts_as_shut_out()
    {
        var (page, _) = await OpenSettingsAsync();
        Services.GetRequiredService<CurrentUser>().Address = null;

        await page.TypeAsync("IP Allowlist", "198.51.100.1");

        Assert.DoesNotContain("Add my current IP", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Your IP address is unknown", page.Find(".mud-alert-text-warning").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_card_beside_says_what_the_key_may_do_as_it_stands()
    {
        var (page, _) = await OpenSettingsAsync();
        Assert.Contains("Any IP address", page.Find("aside").TextContent, StringComparison.Ordinal);

        await page.TypeAsync("IP Allowlist", MyAddress);
        await page.TypeAsync("Expiration", "2040-05-30");
        Assert.Contains($"Only from {MyAddress}", page.Find("aside").TextContent, StringComparison.Ordinal);
        Assert.Contains("Valid through 30 May 2040", page.Find("aside").TextContent, StringComparison.Ordinal);

        await page.TypeAsync("Expiration", "2040-");
        Assert.Contains("Fix the highlighted settings", page.Find("aside").TextContent, StringComparison.Ordinal);
    }
}
