using Bunit;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Logs;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Logs;

/// <summary>What the log's page shows, and where its lines and pages lead.</summary>
public sealed class LogsPageTests(NexLlmApp app) : LogsPageContext(app)
{
    [Fact]
    public async Task A_refused_request_says_why_and_leads_to_its_explanation()
    {
        var actor = await LogInAsync();
        var key = await App.CreateKeyAsync(actor, "nightly-batch");
        await LogAsync(actor, line => line with
        {
            KeyId = key.Key.Id,
            Model = "small",
            Status = 403,
            Code = "model_not_allowed",
            Address = System.Net.IPAddress.Loopback,
        });
        var page = Open();

        var row = page.Find("tbody tr");
        Assert.Contains("403", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("model_not_allowed", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("not allowed to use this model", row.QuerySelector("td.ended [title]")!.GetAttribute("title"), StringComparison.Ordinal);
        Assert.Equal($"keys/{key.Key.Id}", row.QuerySelectorAll("a").Single(a => a.TextContent == "nightly-batch").GetAttribute("href"));
        Navigation.NavigateTo(row.QuerySelector("td.at a")!.GetAttribute("href")!);
        page.WaitForAssertion(() => Assert.StartsWith(
            $"keys/{key.Key.Id}/explain?model=small&address=127.0.0.1&at=2040-03-01T", Named(page, "[role=dialog] a", "Check access").GetAttribute("href"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_nobody_can_explain_has_no_such_link()
    {
        var actor = await LogInAsync();
        await LogAsync(actor, line => line with { Status = 502, Code = "upstream_error", KeyId = 1 });
        await LogAsync(actor, line => line with { Status = 0, KeyId = 1 });
        var page = Open();

        var rows = page.FindAll("tbody td.at a").Select(a => a.GetAttribute("href")!).ToList();
        Assert.Equal(2, rows.Count);
        Navigation.NavigateTo(rows[0]);
        page.WaitForAssertion(() => Assert.Contains("come from its charge", page.Find("[role=dialog]").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain(page.FindAll("[role=dialog] a"), a => a.TextContent == "Check access");
        Navigation.NavigateTo(rows[1]);
        page.WaitForAssertion(() => Assert.Contains("upstream_error", page.Find("[role=dialog]").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain(page.FindAll("[role=dialog] a"), a => a.TextContent == "Check access");
    }

    [Fact]
    public async Task A_flood_is_one_line_that_counts()
    {
        var actor = await LogInAsync();
        for (var i = 0; i < 40; i++)
        {
            App.AddLine(TimeSpan.Zero, line => line with { AccountId = actor.AccountId, KeyId = 1, Status = 401, Code = "key_expired" });
        }

        await App.LogWriter.FlushAsync();

        Assert.Contains("+29 in the same minute", Open().Find("tbody tr").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_key_keeps_its_name_and_leads_to_its_requests()
    {
        var actor = await LogInAsync();
        var key = (await App.CreateKeyAsync(actor, "retired")).Key;
        await LogAsync(actor, line => line with { KeyId = key.Id });
        await App.Keys.DeleteAsync(actor, [key.Id], Cancellation);
        var page = Open();

        Assert.Equal($"logs?key={key.Id}", page.FindAll("tbody td.key a").Single().GetAttribute("href"));
        Navigation.NavigateTo($"logs?key={key.Id}");
        page.WaitForAssertion(() => Assert.Equal("retired (deleted)", PageFields.Shown(page, "Key")));
    }

    [Fact]
    public async Task Pages_lead_to_older_requests_and_back()
    {
        var actor = await LogInAsync();
        for (var i = 0; i < LogQuery.PageSize + 5; i++)
        {
            App.AddLine(TimeSpan.FromSeconds(i), line => line with { AccountId = actor.AccountId });
        }

        await App.LogWriter.FlushAsync();
        var page = Open();
        Assert.Equal(LogQuery.PageSize, page.FindAll("tbody tr").Count);

        Assert.Null(PageLink(page, "Previous page"));
        Navigation.NavigateTo(PageLink(page, "Next page")!);
        page.WaitForAssertion(() => Assert.Equal(5, page.FindAll("tbody tr").Count));
        Assert.Contains("kept for 30 days", page.Markup, StringComparison.Ordinal);
        Navigation.NavigateTo(PageLink(page, "Previous page")!);
        page.WaitForAssertion(() => Assert.Equal(LogQuery.PageSize, page.FindAll("tbody tr").Count));
        Navigation.NavigateTo(PageLink(page, "Last page")!);
        page.WaitForAssertion(() => Assert.NotNull(PageLink(page, "Previous page")));
        Assert.Null(PageLink(page, "Next page"));
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_is_told_calmly_and_can_be_tried_again()
    {
        await using var app = new NexLlmApp();
        var actor = await app.CreateActorAsync();
        foreach (var service in (Type[])[typeof(RequestLog), typeof(KeyPolicyService), typeof(ChannelCatalog), typeof(LogExports)])
        {
            Services.AddSingleton(service, app.Services.GetRequiredService(service));
        }

        LogIn(actor, "UTC");
        var aside = app.LogFilePath + ".aside";
        File.Move(app.LogFilePath, aside);
        Navigation.NavigateTo("logs");
        var page = Render<LogsPage>();

        page.WaitForAssertion(() => Assert.Equal("Couldn't load the request log", page.Find("[role=alert] h2").TextContent));
        File.Move(aside, app.LogFilePath);
        await page.InvokeAsync(() => page.FindAll("button").Single(b => b.TextContent == "Try again").ClickAsync());
        page.WaitForAssertion(() => Assert.Contains("No requests", page.Markup, StringComparison.Ordinal));
    }
}
