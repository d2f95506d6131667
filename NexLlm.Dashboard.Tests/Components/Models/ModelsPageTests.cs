using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Models;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Tests.Components.Channels;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Models;

public sealed class ModelsPageTests : AdministrationPageTests
{
    [Fact]
    public async Task Everybody_finds_every_model_with_its_groups_limits_and_status_and_members_see_no_channel()
    {
        var channel = await App.CreateChannelAsync(Admin, s => s with { Name = "hidden-channel", BaseUrl = App.Upstream.BaseUrl, Models = [new("wide", null, 200_000, 8_000)] });
        await App.CreateGroupAsync(Admin, "economy", 500_000, channel.Id);
        LogIn(await App.CreateActorAsync());

        var row = Row(Open(), "wide");
        Assert.Contains("economy ×0.5", row, StringComparison.Ordinal);
        Assert.Contains("200,000", row, StringComparison.Ordinal);
        Assert.Contains("8,000", row, StringComparison.Ordinal);
        Assert.Contains("Available", row, StringComparison.Ordinal);

        Navigation.NavigateTo("catalog/model?model=wide");
        var page = Render<ModelPage>();
        Assert.Equal("wide", page.Find("h1").TextContent);
        Assert.DoesNotContain("hidden-channel", page.Markup, StringComparison.Ordinal);
        Assert.Contains("/v1/chat/completions", page.Find("pre").TextContent, StringComparison.Ordinal);
        Assert.Contains("\"model\": \"wide\"", page.Find("pre").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Administrators_see_by_which_channels_a_model_is_served()
    {
        var channel = await CreateChannelAsync("mine");
        Navigation.NavigateTo("catalog/model?model=fresh");

        Assert.Equal($"channels/{channel.Id}", Render<ModelPage>().FindAll("dd a").Single(a => a.TextContent == "mine").GetAttribute("href"));
    }

    [Fact]
    public async Task Search_group_and_api_stand_in_the_address()
    {
        var channel = await App.CreateChannelAsync(Admin, s => s with
        {
            Name = "mine",
            BaseUrl = App.Upstream.BaseUrl,
            Models = [new("wide"), new("narrow")],
            Apis = [new(UpstreamApi.Rerank)],
        });
        var group = await App.CreateGroupAsync(Admin, "economy", 500_000, channel.Id);

        Assert.Equal(["narrow", "wide"], Names(Open($"catalog?group={group.Id}")));
        Assert.Equal(["narrow", "wide"], Names(Open("catalog?api=rerank")));
        Assert.Equal(["wide"], Names(Open("catalog?q=WID")));
        Assert.Empty(Names(Open($"catalog?q=wide&group={await App.DefaultGroupAsync()}")));

        var page = Open("catalog?q=nothing-like-it");
        Assert.Equal("No matching models", page.Find("h2").TextContent);
        await page.InvokeAsync(() => page.Find("input[type=search]").InputAsync("narrow"));
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.EndsWith("/catalog?q=narrow", Navigation.Uri, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_whose_only_channel_fails_says_so_by_itself()
    {
        var channel = await CreateChannelAsync("mine");
        var page = Open("catalog?q=fresh");
        Assert.Contains("Available", Row(page, "fresh"), StringComparison.Ordinal);

        App.Services.GetRequiredService<ChannelDirectory>().Current.Channels.Single(c => c.Id == channel.Id).Circuit
            .Learn(ChannelStatus.Unreachable, App.Clock.GetUtcNow(), error: "Nobody there.");
        App.Clock.Advance(TimeSpan.FromSeconds(5));

        page.WaitForAssertion(() => Assert.Contains("Unavailable", Row(page, "fresh"), StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_that_no_group_serves_any_more_says_so_and_leads_back()
    {
        Navigation.NavigateTo("catalog/model?model=gone");
        var page = Render<ModelPage>();

        Assert.Equal("Model not available", page.Find("h2").TextContent);
        Assert.Contains(page.FindAll("a"), a => a.GetAttribute("href") == "catalog");
    }

    [Theory]
    [InlineData("gpt-4o", "openai")]
    [InlineData("openai/gpt-4o-mini", "openai")]
    [InlineData("anthropic/claude-sonnet-4.5", "anthropic")]
    [InlineData("house-model", null)]
    public void A_model_has_the_mark_of_its_maker_where_its_id_says_who_that_is(string model, string? maker) => Assert.Equal(maker, ModelText.MakerOf(model));

    [Fact]
    public void A_models_id_may_have_any_character_in_its_address()
    {
        Assert.Equal("catalog/model?model=vendor%2Fa%20b%3F%26%23", PageUrls.Model("vendor/a b?&#"));
    }

    private IRenderedComponent<ModelsPage> Open(string address = "catalog")
    {
        Navigation.NavigateTo(address);
        var page = Render<ModelsPage>();
        page.WaitForState(() => page.FindAll("input[type=search]").Count > 0);
        return page;
    }

    private static IReadOnlyList<string> Names(IRenderedComponent<IComponent> page) => [.. page.FindAll(".admin-name a").Select(n => n.TextContent)];

    private static string Row(IRenderedComponent<IComponent> page, string name) =>
        page.FindAll("tbody tr").Single(r => r.QuerySelector("a")?.TextContent == name).TextContent;
}
