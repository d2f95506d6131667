using Bunit;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Keys.Explain;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys;

/// <summary>The access check of a key's page.</summary>
public sealed class ExplainPageTests(NexLlmApp app) : KeyPageTests(app), IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task The_keys_first_model_is_asked_about_at_once_by_the_endpoint_that_serves_it()
    {
        var group = await AddGroupAsync("Messages", ChannelType.Anthropic, "claude-b", "claude-a", "claude-c");
        var (page, _, _) = await OpenAsync(policy => policy with { GroupId = group, Models = ModelRestriction.Only(["claude-b", "claude-c"]) });

        Assert.Equal("claude-b", page.Field("Model").GetAttribute("value"));
        Assert.Equal("POST /v1/messages", page.Field("Endpoint").GetAttribute("value"));
        Assert.Equal("Allowed", page.Find("[role=status] h2").TextContent);
    }

    [Fact]
    public async Task A_key_without_any_model_waits_for_one_and_complains_of_nothing()
    {
        var group = await AddGroupAsync("Empty");
        var (page, _, _) = await OpenAsync(policy => policy with { GroupId = group });

        Assert.Equal("", page.Find("[role=status]").TextContent.Trim());
        Assert.Null(page.Error("model"));
        await page.SubmitAsync();
        Assert.Equal("Enter a model ID, such as gpt-4o.", page.Error("model"));
    }

    [Fact]
    public async Task Any_text_can_be_asked_about_and_stands_in_the_address()
    {
        var group = await AddGroupAsync("Typed", "served", "served-longer");
        var (page, _, key) = await OpenAsync(policy => policy with { GroupId = group });

        await page.TypeAsync("Model", "unheard-of");
        await page.SubmitAsync();
        Assert.Equal($"keys/{key.Id}/explain?model=unheard-of&address={MyAddress}&tokens=1000", Navigation.ToBaseRelativePath(Navigation.Uri));
        await page.TypeAsync("Model", "serve");
        Popovers.WaitForAssertion(() => Assert.Equal(["serve", "served", "served-longer"], Popovers.FindAll(".mud-list-item").Select(i => i.TextContent.Trim())));
    }

    [Fact]
    public async Task A_time_is_chosen_by_its_day_in_a_calendar()
    {
        var group = await AddGroupAsync("Timed", "served");
        var (page, _, key) = await OpenAsync(policy => policy with { GroupId = group });

        await page.InvokeAsync(() => page.FindComponent<MudDatePicker>().Instance.DateChanged.InvokeAsync(new DateTime(2040, 7, 1)));
        await page.SubmitAsync();

        Assert.EndsWith("&at=2040-07-01T00%3A00%3A00Z", Navigation.Uri, StringComparison.Ordinal);
        Assert.NotNull(key);
    }

    [Fact]
    public async Task Each_failing_check_leads_to_its_setting_and_passing_ones_lead_nowhere()
    {
        Assert.True(IpAllowlist.TryParse("198.51.100.0/24", out var elsewhere, out _));
        var group = await AddGroupAsync("Failing", "one", "two");
        var (page, me, key) = await OpenAsync(policy => policy with
        {
            GroupId = group,
            Models = ModelRestriction.Only(["one"]),
            Ips = elsewhere,
            TokenLimit = 10,
        });
        await App.Keys.SetEnabledAsync(me, [key.Id], enabled: false, Cancellation);
        await page.TypeAsync("Model", "two");
        await page.SubmitAsync();
        page = Open(key.Id);

        var failing = page.FindAll(".answer li").Where(li => li.QuerySelector(".status")!.TextContent is "Blocked here" or "Would also fail").ToList();
        Assert.Equal("Blocked here", failing[0].QuerySelector(".status")!.TextContent);
        Assert.Equal(
            [$"keys/{key.Id}", $"keys/{key.Id}/edit#ips", $"keys/{key.Id}/edit#models", $"keys/{key.Id}/edit#quota"],
            failing.SelectMany(li => li.QuerySelectorAll("a")).Select(a => a.GetAttribute("href")!).Where(href => href.StartsWith("keys/", StringComparison.Ordinal)));
        Assert.Empty(page.FindAll(".answer li").Except(failing).SelectMany(li => li.QuerySelectorAll("a")));
    }

    private async Task<(IRenderedComponent<ExplainPage> Page, Actor Me, KeyDetails Key)> OpenAsync(Func<KeyPolicy, KeyPolicy> restrict)
    {
        var me = await App.CreateActorAsync();
        var key = (await App.CreateKeyAsync(me, "app", restrict)).Key;
        LogIn(me);
        _ = Popovers;
        return (Open(key.Id), me, key);
    }

    private IRenderedComponent<ExplainPage> Open(long id)
    {
        var page = Render<ExplainPage>(p => p.Add(e => e.Id, id));
        page.WaitForState(() => page.FindAll("[type=submit][disabled]").Count == 0);
        return page;
    }
}
