using System.Net;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Components.Keys.Page;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Tests.Components.Usage;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys.Page;

public sealed class KeyOverviewTests : ListPageTests, IClassFixture<NexLlmApp>
{
    public KeyOverviewTests(NexLlmApp app)
        : base(app)
    {
    }

    [Fact]
    public async Task The_page_says_what_the_key_may_do_what_is_left_and_what_it_was_used_for()
    {
        var actor = await LogInAsync();
        Assert.True(IpAllowlist.TryParse("203.0.113.7", out var ips, out _));
        var key = (await App.CreateKeyAsync(actor, "production-app", p => p with { TokenLimit = 1_000, Ips = ips })).Key;
        App.Clock.Advance(TimeSpan.FromDays(8));
        await App.ImportAsync(
            TestUsage.Charge(key, App.Clock.GetUtcNow().AddHours(-3), "nexllm-echo", 300, 50),
            TestUsage.Charge(key, App.Clock.GetUtcNow().AddDays(-2), "nexllm-echo-small", 200, 150));

        var page = OpenKey(key.Id);

        Assert.Equal("production-app", page.Find("h1").TextContent);
        Assert.Equal("Active", page.Find(".status").TextContent);
        Assert.Contains("203.0.113.7", page.Find("section[aria-labelledby=policy]").TextContent, StringComparison.Ordinal);
        var quota = page.Find("section[aria-labelledby=quota]").TextContent;
        Assert.Contains("300 left of 1K", quota, StringComparison.Ordinal);
        Assert.Contains("Runs out in 3 days", quota, StringComparison.Ordinal);
        page = OpenKey(key.Id, "usage");
        Assert.Equal(["nexllm-echo", "nexllm-echo-small"], page.FindAll("section[aria-labelledby=models] .who").Select(w => w.TextContent.Trim()).Order());
        Assert.Equal(["350", "700"], page.FindAll("details tbody td:last-child, details tfoot td:last-child").Select(td => td.TextContent).Distinct());
    }

    [Fact]
    public async Task An_unlimited_key_says_so_and_a_used_up_one_what_follows()
    {
        var actor = await LogInAsync();
        var unlimited = (await App.CreateKeyAsync(actor, "unlimited")).Key;
        var spent = (await App.CreateKeyAsync(actor, "spent", p => p with { TokenLimit = 15 })).Key;
        await App.ImportAsync(TestUsage.Charge(spent, App.Clock.GetUtcNow()));

        Assert.Contains("Unlimited", OpenKey(unlimited.Id).Find("section[aria-labelledby=quota]").TextContent, StringComparison.Ordinal);
        Assert.Contains("Requests are rejected", OpenKey(spent.Id).Find("section[aria-labelledby=quota]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_by_reason_and_the_last_addresses_are_those_of_the_log_and_lead_there()
    {
        var actor = await LogInAsync();
        var key = (await App.CreateKeyAsync(actor, "production-app")).Key;
        LoggedRequest Line(LoggedRequest line, byte[] address, string? code) => line with
        {
            AccountId = key.OwnerId,
            KeyId = key.Id,
            Address = new IPAddress(address),
            Status = code is null ? 200 : 403,
            Code = code,
        };
        App.AddLine(TimeSpan.FromHours(5), line => Line(line, [203, 0, 113, 7], code: null));
        App.AddLine(TimeSpan.FromHours(4), line => Line(line, [198, 51, 100, 9], "model_not_allowed"));
        App.AddLine(TimeSpan.FromHours(3), line => Line(line, [198, 51, 100, 9], "model_not_allowed"));
        App.AddLine(TimeSpan.FromHours(2), line => Line(line, [198, 51, 100, 9], "ip_not_authorized"));
        App.AddLine(TimeSpan.FromHours(1), line => Line(line, [192, 0, 2, 1], "ip_not_authorized") with { KeyId = key.Id + 1 });
        await App.LogWriter.FlushAsync();

        var page = OpenKey(key.Id, "usage");

        Assert.Equal(["model_not_allowed", "ip_not_authorized"], page.FindAll("section[aria-labelledby=refusals] code").Select(code => code.TextContent));
        Assert.Equal(["2", "1"], page.FindAll("section[aria-labelledby=refusals] strong").Select(count => count.TextContent));
        Assert.Equal(["This API key is not allowed to use this model.", "Requests from your IP address are not allowed for this API key."], page.FindAll("section[aria-labelledby=refusals] .muted").Select(meaning => meaning.TextContent));
        Assert.StartsWith($"logs?", page.Find("section[aria-labelledby=refusals] a").GetAttribute("href"), StringComparison.Ordinal);
        page = OpenKey(key.Id);
        Assert.Equal(["198.51.100.92h ago", "203.0.113.75h ago"], page.FindAll("section[aria-labelledby=addresses] li").Select(li => li.TextContent));
        page = OpenKey(key.Id, "logs");
        page.WaitForAssertion(() => Assert.Equal(4, page.FindAll(".log tbody > tr").Count));
        Assert.Equal($"logs?key={key.Id}", Named(page, "a", "View in Logs").GetAttribute("href"));
        Assert.Equal($"history?key={key.Id}", Named(OpenKey(key.Id, "activity"), "a", "View in Activity log").GetAttribute("href"));
    }

    [Fact]
    public async Task Where_refusals_are_kept_for_less_than_the_time_that_is_shown_the_page_says_so()
    {
        Services.AddSingleton(Options.Create(new LogsOptions { Keep = TimeSpan.FromDays(3) }));
        var key = (await App.CreateKeyAsync(await LogInAsync(), "production-app")).Key;

        Assert.Contains("Rejected requests are kept for 3 days", OpenKey(key.Id, "usage").Find("section[aria-labelledby=refusals]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_owner_edits_disables_enables_and_deletes_it_from_here()
    {
        var actor = await LogInAsync();
        var key = (await App.CreateKeyAsync(actor, "production-app")).Key;
        var page = OpenKey(key.Id);

        Assert.Equal($"keys/{key.Id}/edit", Named(page, "a", "Edit").GetAttribute("href"));
        await ClickAsync(page, "button", "Disable");
        Assert.Equal("Disabled", page.Find(".status").TextContent);
        Assert.Equal(["production-app disabled. Requests using it will fail."], Said);
        await ClickAsync(page, "button", "Enable");
        Assert.Equal("Active", page.Find(".status").TextContent);
        Ask(page, "button", "Delete");
        await AnswerAsync("Delete");
        Assert.EndsWith("/keys", Navigation.Uri, StringComparison.Ordinal);
        Assert.Null(await App.Keys.FindAsync(actor, key.Id, Cancellation));
    }

    [Fact]
    public async Task Its_owner_finds_an_example_for_every_client_with_a_placeholder_for_the_key()
    {
        var created = await App.CreateKeyAsync(await LogInAsync(), "production-app", p => p with { Models = ModelRestriction.Only(["nexllm-echo-small"]) });
        var page = OpenKey(created.Key.Id);

        foreach (var name in page.FindAll("section[aria-labelledby=connect] [role=tab]").Select(tab => tab.TextContent).ToList())
        {
            await page.InvokeAsync(() => page.FindAll("section[aria-labelledby=connect] [role=tab]").Single(tab => tab.TextContent == name).ClickAsync());
            var text = page.Find("#example-text").TextContent;
            Assert.Contains("YOUR_API_KEY", text, StringComparison.Ordinal);
            Assert.Contains(Navigation.BaseUri.TrimEnd('/'), text, StringComparison.Ordinal);
            Assert.Equal(name is not ".env", text.Contains("nexllm-echo-small", StringComparison.Ordinal));
        }

        Assert.DoesNotContain(created.Secret.Reveal(), page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_sees_anothers_key_and_may_stop_it_but_not_edit_it()
    {
        var owner = await App.CreateActorAsync("overview-owner@example.com");
        var key = (await App.CreateKeyAsync(owner, "theirs")).Key;
        await LogInAsync(administrator: true);

        var page = OpenKey(key.Id);

        var email = (await App.Services.GetRequiredService<AccountService>().GetAsync(owner, Cancellation)).Email;
        Assert.Equal($"accounts/{key.OwnerId}", Named(page, "a", email).GetAttribute("href"));
        Assert.Contains("Only the owner can edit it", page.Find(".mud-alert").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(page.FindAll("a"), a => a.TextContent == "Edit");
        Assert.Empty(page.FindAll("section[aria-labelledby=connect]"));
        await ClickAsync(page, "button", "Disable");
        Assert.False((await App.Keys.FindAsync(owner, key.Id, Cancellation))!.IsEnabled);
        Ask(page, "button", "Delete");
        await AnswerAsync("Delete");
        Assert.EndsWith($"/accounts/{owner.AccountId}", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task To_anybody_else_there_is_no_such_page()
    {
        var key = (await App.CreateKeyAsync(await App.CreateActorAsync(), "theirs")).Key;
        await LogInAsync();
        var missing = false;
        Navigation.OnNotFound += (_, _) => missing = true;

        var page = Render<KeyOverview>(p => p.Add(k => k.Id, key.Id));

        page.WaitForState(() => missing);
        Assert.DoesNotContain("theirs", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_others_change_and_what_is_used_shows_by_itself()
    {
        var actor = await LogInAsync();
        var created = await App.CreateKeyAsync(actor, "production-app", p => p with { TokenLimit = 1_000 });
        var page = OpenKey(created.Key.Id);

        await App.Keys.SetEnabledAsync(actor, [created.Key.Id], enabled: false, Cancellation);
        page.WaitForAssertion(() => Assert.Equal("Disabled", page.Find(".status").TextContent));
        var heard = new TaskCompletionSource();
        using var subscription = App.Services.GetRequiredService<KeyChanges>().Subscribe(change => heard.TrySetResult());
        await App.Reserve(await App.LiveAsync(created), 10, 10).SettleAsync(3, 4);
        await App.FlushAsync();
        await heard.Task;
        App.Clock.Advance(TimeSpan.FromSeconds(5));
        page.WaitForAssertion(() => Assert.Contains("993 left", page.Find("section[aria-labelledby=quota]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_account_ends_before_the_key_does_the_page_says_so()
    {
        var actor = await App.CreateActorAsync(tokenLimit: 2_000);
        LogIn(actor);
        var key = (await App.CreateKeyAsync(actor, "production-app", p => p with { TokenLimit = 2_000 })).Key;
        var other = (await App.CreateKeyAsync(actor, "nightly-batch")).Key;
        App.Clock.Advance(TimeSpan.FromDays(8));
        var hourAgo = App.Clock.GetUtcNow().AddHours(-1);
        await App.ImportAsync(TestUsage.Charge(key, hourAgo, input: 700, output: 0), TestUsage.Charge(other, hourAgo, input: 700, output: 0));

        var quota = OpenKey(key.Id).Find("section[aria-labelledby=quota]").TextContent;

        Assert.Contains("Runs out on", quota, StringComparison.Ordinal);
        Assert.Contains("The account's overall quota runs out first, in 3 days, counting all its keys.", quota, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_account_has_nothing_left_the_page_says_only_that()
    {
        var actor = await App.CreateActorAsync(tokenLimit: 15);
        LogIn(actor);
        var key = (await App.CreateKeyAsync(actor, "production-app", p => p with { TokenLimit = 100 })).Key;
        await App.ImportAsync(TestUsage.Charge(key, App.Clock.GetUtcNow().AddHours(-1)));

        var quota = OpenKey(key.Id).Find("section[aria-labelledby=quota]").TextContent;

        Assert.Contains("The account has no quota left. Requests are rejected", quota, StringComparison.Ordinal);
        Assert.DoesNotContain("current rate", quota, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_deleted_elsewhere_stays_on_the_screen_and_says_so()
    {
        var actor = await LogInAsync();
        var key = (await App.CreateKeyAsync(actor, "production-app")).Key;
        var page = OpenKey(key.Id);
        var missing = false;
        Navigation.OnNotFound += (_, _) => missing = true;

        await App.Keys.DeleteAsync(actor, [key.Id], Cancellation);

        page.WaitForAssertion(() => Assert.Equal("Deleted", page.Find(".status").TextContent));
        Assert.Contains("Requests using it fail", page.Find(".mud-alert").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".page-actions > *"));
        Assert.False(missing);
        await App.Keys.RestoreAsync(actor, [key.Id], Cancellation);
        App.Clock.Advance(TimeSpan.FromSeconds(5));
        page.WaitForAssertion(() => Assert.Equal("Active", page.Find(".status").TextContent));
    }

    [Fact]
    public async Task Each_part_has_an_address_and_choosing_one_goes_there()
    {
        var key = (await App.CreateKeyAsync(await LogInAsync(), "production-app")).Key;
        var page = OpenKey(key.Id);
        var tabs = page.FindAll(".key-tabs > .mud-tabs-tabbar [role=tab]");
        Assert.Equal(["Overview", "Usage", "Logs", "Activity", "Access check", "Settings"], tabs.Select(tab => tab.TextContent.Trim()));

        foreach (var (name, address) in (IEnumerable<(string, string)>)[("Usage", "usage"), ("Logs", "logs"), ("Activity", "activity"), ("Access check", "explain"), ("Settings", "edit")])
        {
            await page.InvokeAsync(() => page.FindAll(".key-tabs > .mud-tabs-tabbar [role=tab]").Single(tab => tab.TextContent.Trim() == name).ClickAsync());
            Assert.EndsWith($"/keys/{key.Id}/{address}", Navigation.Uri, StringComparison.Ordinal);
        }

        Assert.Equal("Logs", OpenKey(key.Id, "logs").Find("[role=tab][aria-selected=true]").TextContent.Trim());
    }

    [Fact]
    public async Task What_is_no_part_of_a_key_is_not_found()
    {
        var key = (await App.CreateKeyAsync(await LogInAsync(), "production-app")).Key;
        var missing = false;
        Navigation.OnNotFound += (_, _) => missing = true;

        Render<KeyOverview>(p => p.Add(k => k.Id, key.Id).Add(k => k.Tab, "secrets"));

        Assert.True(missing);
    }

    [Fact]
    public async Task The_first_thing_to_do_is_what_the_keys_status_asks_for()
    {
        var actor = await LogInAsync();
        var fine = (await App.CreateKeyAsync(actor, "fine")).Key;
        var spent = (await App.CreateKeyAsync(actor, "spent", p => p with { TokenLimit = 15 })).Key;
        var over = (await App.CreateKeyAsync(actor, "over", p => p with { Expiration = new(App.Clock.GetUtcNow().AddHours(2)) })).Key;
        var off = (await App.CreateKeyAsync(actor, "off")).Key;
        await App.UseKeyAsync(spent.Id, 15);
        await App.Keys.SetEnabledAsync(actor, [off.Id], enabled: false, Cancellation);
        App.Clock.Advance(TimeSpan.FromHours(3));

        Assert.Equal(("Edit", $"keys/{fine.Id}/edit"), Primary(fine.Id));
        Assert.Equal(("Add tokens", $"keys/{spent.Id}/edit#quota"), Primary(spent.Id));
        Assert.Equal(("Extend", $"keys/{over.Id}/edit#expiration"), Primary(over.Id));
        Assert.Equal(("Enable", null), Primary(off.Id));

        (string, string?) Primary(long id)
        {
            var button = OpenKey(id).Find(".page-actions .mud-button-filled-primary");
            return (button.TextContent.Trim(), button.GetAttribute("href"));
        }
    }

    [Fact]
    public async Task The_overview_says_when_it_was_last_used_and_how_much_and_agrees_with_itself()
    {
        var actor = await LogInAsync();
        var key = (await App.CreateKeyAsync(actor, "production-app")).Key;
        App.Clock.Advance(TimeSpan.FromDays(8));
        await App.ImportAsync(
            TestUsage.Charge(key, App.Clock.GetUtcNow().AddHours(-3), "nexllm-echo", 300, 50),
            TestUsage.Charge(key, App.Clock.GetUtcNow().AddDays(-2), "nexllm-echo-small", 20, 15));
        await App.UseKeyAsync(key.Id, 1, App.Clock.GetUtcNow().AddHours(-3));

        var page = OpenKey(key.Id);

        Assert.Equal(["3h ago", "1", "2", "nexllm-echo, nexllm-echo-small"], page.FindAll(".tiles dd").Select(dd => dd.TextContent));
        Assert.Contains("No IP address recorded", page.Find("section[aria-labelledby=addresses]").TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<KeyOverview> OpenKey(long id, string? tab = null)
    {
        var page = Render<KeyOverview>(p => p.Add(k => k.Id, id).Add(k => k.Tab, tab));
        page.WaitForState(() => page.FindAll("h1").Count > 0);
        if (tab is "usage" && page.FindAll("details").Count > 0)
        {
            page.OpenTable();
        }

        return page;
    }
}
