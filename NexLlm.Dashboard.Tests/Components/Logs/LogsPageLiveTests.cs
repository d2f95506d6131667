using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Logs;

/// <summary>The log's page while new lines come.</summary>
public sealed class LogsPageLiveTests(NexLlmApp app) : LogsPageContext(app)
{
    [Fact]
    public async Task While_live_is_on_new_lines_come_on_top_by_themselves_and_only_ones_own()
    {
        var actor = await LogInAsync();
        await LogAsync(actor, line => line with { Model = "first" });
        var page = Open("logs?live=on");
        page.WaitForAssertion(() => Assert.Equal(["first"], Models(page)));

        await LogAsync(await App.CreateActorAsync(), line => line with { Model = "another's" });
        await LogAsync(actor, line => line with { Model = "second" });

        page.WaitForAssertion(() => Assert.Equal(["second", "first"], Models(page)));
        page.WaitForAssertion(() => Assert.Equal("1 new request.", page.Find("p.sr-only[role=status]").TextContent));
    }

    [Fact]
    public async Task Where_more_come_than_are_shown_the_page_begins_anew_and_older_ones_follow_without_a_gap()
    {
        var actor = await LogInAsync();
        await LogAsync(actor, line => line with { Model = "first" });
        var page = Open("logs?live=on");
        page.WaitForAssertion(() => Assert.Equal(["first"], Models(page)));

        for (var i = 0; i < LogQuery.PageSize + 20; i++)
        {
            App.AddLine(TimeSpan.Zero, line => line with { AccountId = actor.AccountId, Model = $"model-{i}" });
        }

        await App.LogWriter.FlushAsync();

        page.WaitForAssertion(() => Assert.Equal(LogQuery.PageSize, Models(page).Count));
        Assert.Equal("model-20", Models(page)[^1]);
        Navigation.NavigateTo(PageLink(page, "Next page")!);
        page.WaitForAssertion(() => Assert.Equal([.. Enumerable.Range(0, 20).Select(i => $"model-{19 - i}"), "first"], Models(page)));
    }

    [Fact]
    public async Task What_came_by_itself_is_marked_and_what_was_there_is_not()
    {
        var actor = await LogInAsync();
        await LogAsync(actor, line => line with { Model = "first" });
        var page = Open("logs?live=on");
        page.WaitForAssertion(() => Assert.Equal(["first"], Models(page)));

        await LogAsync(actor, line => line with { Model = "second" });

        page.WaitForAssertion(() => Assert.Equal(["second"], page.FindAll("tbody .fresh .name").Select(n => n.TextContent)));
    }

    [Fact]
    public async Task While_the_list_is_paused_pointed_at_or_scrolled_nothing_moves_and_what_waits_is_counted()
    {
        var actor = await LogInAsync();
        await LogAsync(actor, line => line with { Model = "first" });
        var page = Open("logs?live=on");
        page.WaitForAssertion(() => Assert.Equal(["first"], Models(page)));

        await ClickAsync(page, "button", "Pause");
        await LogAsync(actor, line => line with { Model = "second" });
        await LogAsync(actor, line => line with { Model = "third" });
        page.WaitForAssertion(() => Assert.Equal("2 new", page.Find(".waiting").TextContent.Trim()));
        Assert.Equal(["first"], Models(page));
        await ClickAsync(page, "button", "Resume");
        page.WaitForAssertion(() => Assert.Equal(["third", "second", "first"], Models(page)));

        await page.InvokeAsync(() => page.Find(".lines").TriggerEventAsync("onpointerenter", new PointerEventArgs()));
        await LogAsync(actor, line => line with { Model = "fourth" });
        page.WaitForAssertion(() => Assert.Equal("1 new", page.Find(".waiting").TextContent.Trim()));
        await page.InvokeAsync(() => page.Find(".lines").TriggerEventAsync("onpointerleave", new PointerEventArgs()));
        page.WaitForAssertion(() => Assert.Equal(4, Models(page).Count));

        await page.InvokeAsync(() => page.Instance.SetAway(true));
        await LogAsync(actor, line => line with { Model = "fifth" });
        page.WaitForAssertion(() => Assert.Equal("1 new", page.Find(".waiting").TextContent.Trim()));
        await ClickAsync(page, "button", "1 new");
        page.WaitForAssertion(() => Assert.Equal("fifth", Models(page)[0]));
        Assert.Empty(page.FindAll(".waiting"));
    }

    [Fact]
    public async Task Live_cannot_be_had_where_nothing_new_can_come()
    {
        await LogInAsync();

        Assert.True(Live(Open()).HasAttribute("disabled") is false);
        Assert.True(Live(Open($"logs?id={RequestNumber.NewId(1)}&live=on")).HasAttribute("disabled"));
        var over = Live(Open("logs?to=2020-01-01T00:00:00Z&live=on"));
        Assert.Equal(("true", "false"), (over.HasAttribute("disabled") ? "true" : "", over.GetAttribute("aria-pressed")));

        static IElement Live(IRenderedComponent<IComponent> page) => Named(page, "button", "Live");
    }

    [Fact]
    public async Task Without_live_the_page_stays_as_it_is()
    {
        var actor = await LogInAsync();
        var page = Open();
        Assert.Contains("New requests appear within seconds.", page.Markup, StringComparison.Ordinal);

        await LogAsync(actor, line => line);
        using var other = await App.Log.FollowAsync(actor, new LogQuery(), _ => { }, Cancellation);

        Assert.Empty(page.FindAll("tbody tr"));
    }
}
