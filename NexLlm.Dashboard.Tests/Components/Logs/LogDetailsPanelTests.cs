using System.Net;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Components.Logs;

/// <summary>The details of one request, beside the list that they were opened from.</summary>
public sealed class LogDetailsPanelTests(NexLlmApp app) : LogsPageContext(app)
{
    [Fact]
    public async Task A_request_is_told_with_its_times_tokens_and_how_its_charge_came_about()
    {
        var actor = await LogInAsync(zone: "Asia/Kathmandu");
        var key = (await App.CreateKeyAsync(actor, "production-app")).Key;
        const long charge = 4_711;
        string? id = null;
        await LogAsync(actor, line => line with
        {
            RequestId = id = line.RequestId,
            ChargeId = charge,
            KeyId = key.Id,
            Model = "large",
            Api = UpstreamApi.Responses,
            InputTokens = 1_200,
            OutputTokens = 34,
            ChargedTokens = 617,
            Source = UsageSource.Counted,
            FirstByte = TimeSpan.FromMilliseconds(420),
            Duration = TimeSpan.FromMilliseconds(1_680),
            Address = IPAddress.Loopback,
        });
        await using (var db = await App.Contexts.CreateDbContextAsync(Cancellation))
        {
            db.Add(new Charge
            {
                Id = charge,
                RequestId = id!,
                KeyId = key.Id,
                AccountId = actor.AccountId!.Value,
                GroupId = key.Policy.GroupId,
                Model = "large",
                State = ChargeState.Settled,
                RatioMillionths = 500_000,
                InputTokens = 1_200,
                OutputTokens = 34,
                ChargedTokens = 617,
            });
            await db.SaveChangesAsync(Cancellation);
        }

        var page = Open();

        Navigation.NavigateTo(DetailsLink(page, 0));

        page.WaitForAssertion(() => Assert.Equal("617 (1,200 input + 34 output) × 0.5", Facts(page).GetValueOrDefault("Charged")));
        var facts = Facts(page);
        Assert.Equal("1 Mar 2040, 17:45:00 Asia/Kathmandu 1 Mar 2040, 12:00:00 UTC", facts["Time"]);
        Assert.Equal("1.7 s · first byte after 420 ms", facts["Duration"]);
        Assert.Equal("25", page.Find("[role=dialog] [role=progressbar]").GetAttribute("aria-valuenow"));
        Assert.Equal("large", facts["Model"]);
        Assert.Equal("Responses /v1/responses", facts["Endpoint"]);
        Assert.Equal("127.0.0.1", facts["Client IP"]);
        Assert.Equal(("1,200", "34", "Estimated by NexLLM"), (facts["Input"], facts["Output"], facts["Source"]));
        Assert.StartsWith("production-app", facts["Key"], StringComparison.Ordinal);
        Assert.DoesNotContain("Channel", facts.Keys);
        Assert.DoesNotContain("Account", facts.Keys);
    }

    [Fact]
    public async Task Its_address_can_be_shared_and_shows_it_also_where_the_list_does_not()
    {
        var actor = await LogInAsync();
        await LogAsync(actor, line => line with { Model = "found" });
        var id = Open().Find("tbody code").TextContent;

        var page = Open($"logs?model=another&request={id}");

        page.WaitForAssertion(() => Assert.Equal("found", Facts(page)["Model"]));
        Assert.Empty(page.FindAll("tbody tr"));
        Assert.True(Named(page, "button", "Next request").HasAttribute("disabled"));
        Assert.Equal(id, page.Find("[role=dialog] [data-copy]").GetAttribute("data-copy"));
    }

    [Fact]
    public async Task Anothers_request_is_not_found()
    {
        var ben = await App.CreateActorAsync();
        LogIn(ben);
        await LogAsync(ben, line => line with { Model = "bens" });
        var id = Open().Find("tbody code").TextContent;
        LogIn(await App.CreateActorAsync());

        var page = Open($"logs?request={id}");

        page.WaitForAssertion(() => Assert.Equal("Request not found", page.Find("[role=dialog] .empty-state h2").TextContent));
        Assert.DoesNotContain("bens", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_and_buttons_lead_to_the_lines_beside_it_and_escape_back_to_the_list()
    {
        var actor = await LogInAsync();
        foreach (var model in (string[])["oldest", "middle", "newest"])
        {
            await LogAsync(actor, line => line with { Model = model });
        }

        var page = Open("logs?range=7d");
        Navigation.NavigateTo(DetailsLink(page, 1));
        page.WaitForAssertion(() => Assert.Equal("middle", Facts(page)["Model"]));

        await PressAsync(page, "ArrowDown");
        page.WaitForAssertion(() => Assert.Equal("oldest", Facts(page)["Model"]));
        Assert.True(Named(page, "button", "Next request").HasAttribute("disabled"));
        await PressAsync(page, "ArrowDown");
        await PressAsync(page, "ArrowUp");
        page.WaitForAssertion(() => Assert.Equal("middle", Facts(page)["Model"]));
        await ClickAsync(page, "button", "Previous request");
        page.WaitForAssertion(() => Assert.Equal("newest", Facts(page)["Model"]));
        await PressAsync(page, "Escape");

        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[role=dialog]")));
        Assert.EndsWith("/logs?range=7d", Navigation.Uri, StringComparison.Ordinal);
        Assert.Equal(3, page.FindAll("tbody tr").Count);
    }

    [Fact]
    public async Task An_administrator_sees_whose_it_was_and_the_channel_and_a_rejected_one_what_it_needed()
    {
        LogIn(await App.CreateActorAsync(administrator: true));
        var ben = await App.CreateActorAsync("ben.details@example.com");
        await LogAsync(ben, line => line with { Status = 429, Code = "insufficient_quota", NeededTokens = 5_000 });
        var page = Open($"logs?account={ben.AccountId}");

        Navigation.NavigateTo(DetailsLink(page, 0));

        page.WaitForAssertion(() => Assert.Equal("ben.details@example.com", Facts(page)["Account"]));
        page.WaitForAssertion(() => Assert.Equal(
            $"accounts/{ben.AccountId}", page.FindAll("[role=dialog] dd a").Single(a => a.TextContent == "ben.details@example.com").GetAttribute("href")));
        Assert.Equal("up to 5,000", Facts(page)["Needed"]);
        Assert.Equal("0 Not charged", Facts(page)["Charged"]);
    }

    private static string DetailsLink(IRenderedComponent<IComponent> page, int row) => page.FindAll("tbody td.at a")[row].GetAttribute("href")!;

    private static Task PressAsync(IRenderedComponent<IComponent> page, string key) =>
        page.InvokeAsync(() => page.Find("[role=dialog]").KeyDownAsync(new KeyboardEventArgs { Key = key }));

    private static Dictionary<string, string> Facts(IRenderedComponent<IComponent> page) =>
        page.FindAll("[role=dialog] dt").ToDictionary(dt => dt.TextContent, dt => OneLine(dt.NextElementSibling!));

    private static string OneLine(IElement element) => string.Join(' ', element.Descendants<IText>().Select(text => text.Data.Trim()).Where(text => text is not ""));
}
