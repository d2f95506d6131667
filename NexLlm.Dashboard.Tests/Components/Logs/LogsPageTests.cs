using System.Globalization;
using System.Security.Claims;
using AngleSharp.Dom;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Logs;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Logs;

/// <summary>The log's page before the real services, a real file and a clock that moves only when told.</summary>
public sealed class LogsPageTests : BunitContext, IClassFixture<NexLlmApp>
{
    private readonly NexLlmApp _app;

    public LogsPageTests(NexLlmApp app)
    {
        _app = app;
        JSInterop.Mode = JSRuntimeMode.Loose;
        foreach (var service in (Type[])[typeof(RequestLog), typeof(KeyPolicyService), typeof(ChannelCatalog), typeof(TimeProvider), typeof(LogExports)])
        {
            Services.AddSingleton(service, app.Services.GetRequiredService(service));
        }

        Services.AddScoped<Person>();
        Services.AddScoped<PersonClock>();
    }

    private BunitNavigationManager Navigation => Services.GetRequiredService<BunitNavigationManager>();

    private static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_request_says_why_and_leads_to_its_explanation()
    {
        var actor = await LogInAsync();
        var key = await _app.CreateKeyAsync(actor, "nightly-batch");
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
        Assert.Contains("restricted to other models", row.QuerySelector("td[title]")!.GetAttribute("title"), StringComparison.Ordinal);
        Assert.Equal($"keys/{key.Key.Id}", row.QuerySelectorAll("a").Single(a => a.TextContent == "nightly-batch").GetAttribute("href"));
        Assert.StartsWith(
            $"keys/{key.Key.Id}/explain?model=small&address=127.0.0.1&at=2040-03-01T", row.QuerySelector("a.why")!.GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_can_explain_has_no_such_link()
    {
        var actor = await LogInAsync();
        await LogAsync(actor, line => line with { Status = 502, Code = "upstream_error", KeyId = 1 });
        await LogAsync(actor, line => line with { Status = 0, KeyId = 1 });
        var page = Open();

        Assert.Equal(2, page.FindAll("tbody tr").Count);
        Assert.Empty(page.FindAll("a.why"));
        Assert.Contains("what its charge says", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_is_one_line_that_counts()
    {
        var actor = await LogInAsync();
        for (var i = 0; i < 40; i++)
        {
            _app.AddLine(TimeSpan.Zero, line => line with { AccountId = actor.AccountId, KeyId = 1, Status = 401, Code = "key_expired" });
        }

        await _app.LogWriter.FlushAsync();

        Assert.Contains("and 29 more that minute", Open().Find("tbody tr").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_choice_leads_to_an_address_that_shows_it_and_drops_the_page()
    {
        var actor = await LogInAsync();
        await LogAsync(actor, line => line with { Model = "small" });
        await LogAsync(actor, line => line with { Model = "large" });
        var page = Open("logs?range=7d&before=9000000000000000000");

        await page.InvokeAsync(() => page.Find("#log-model").ChangeAsync("small"));

        Assert.EndsWith("/logs?range=7d&model=small", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal(["small"], Models(page)));
        Navigation.NavigateTo("logs");
        page.WaitForAssertion(() => Assert.Equal(2, Models(page).Count));
    }

    [Fact]
    public async Task A_key_is_chosen_by_its_name_and_a_pasted_secret_by_its_id()
    {
        var actor = await LogInAsync();
        var key = await _app.CreateKeyAsync(actor, "production-app");
        var page = Open();

        await page.InvokeAsync(() => page.Find("#log-key").ChangeAsync("Production-App"));
        Assert.EndsWith($"/logs?key={key.Key.Id}", Navigation.Uri, StringComparison.Ordinal);
        Navigation.NavigateTo("logs");
        await page.InvokeAsync(() => page.Find("#log-key").ChangeAsync($"Bearer {key.Secret.Reveal()}"));
        Assert.EndsWith($"/logs?key={key.Key.Id}", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal("production-app", page.Find("#log-key").GetAttribute("value")));
        Assert.DoesNotContain(Navigation.History, step => step.Uri.Contains("sk-", StringComparison.Ordinal));

        await page.InvokeAsync(() => page.Find("#log-key").ChangeAsync("nothing-is-called-so"));
        Assert.Equal("None of your keys is called so.", page.Find("#log-key-error").TextContent);
    }

    [Fact]
    public async Task Times_are_read_in_the_persons_zone()
    {
        await LogInAsync(zone: "Asia/Kathmandu");
        var page = Open("logs?from=2040-03-01T00:00:00Z");

        Assert.Equal("2040-03-01T05:45:00", page.Find("input[type=datetime-local]").GetAttribute("value"));
        await page.InvokeAsync(() => page.FindAll("input[type=datetime-local]")[1].ChangeAsync("2040-03-01T06:45"));

        Assert.EndsWith("from=2040-03-01T00%3A00%3A00Z&to=2040-03-01T01%3A00%3A00Z", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_live_is_on_new_lines_come_on_top_by_themselves_and_only_ones_own()
    {
        var actor = await LogInAsync();
        await LogAsync(actor, line => line with { Model = "first" });
        var page = Open("logs?live=on");
        page.WaitForAssertion(() => Assert.Equal(["first"], Models(page)));

        await LogAsync(await _app.CreateActorAsync(), line => line with { Model = "another's" });
        await LogAsync(actor, line => line with { Model = "second" });

        page.WaitForAssertion(() => Assert.Equal(["second", "first"], Models(page)));
    }

    [Fact]
    public async Task Without_live_the_page_stays_as_it_is()
    {
        var actor = await LogInAsync();
        var page = Open();
        Assert.Contains("There was none in this time.", page.Markup, StringComparison.Ordinal);

        await LogAsync(actor, line => line);
        using var other = await _app.Log.FollowAsync(actor, new LogQuery(), _ => { }, Cancellation);

        Assert.Empty(page.FindAll("tbody tr"));
    }

    [Fact]
    public async Task Pages_lead_to_older_requests_and_back()
    {
        var actor = await LogInAsync();
        for (var i = 0; i < LogQuery.PageSize + 5; i++)
        {
            _app.AddLine(TimeSpan.FromSeconds(i), line => line with { AccountId = actor.AccountId });
        }

        await _app.LogWriter.FlushAsync();
        var page = Open();
        Assert.Equal(LogQuery.PageSize, page.FindAll("tbody tr").Count);

        Navigation.NavigateTo(Link(page, "Older").GetAttribute("href")!);
        page.WaitForAssertion(() => Assert.Equal(5, page.FindAll("tbody tr").Count));
        Navigation.NavigateTo(Link(page, "Newest").GetAttribute("href")!);
        page.WaitForAssertion(() => Assert.Equal(LogQuery.PageSize, page.FindAll("tbody tr").Count));
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

        page.WaitForAssertion(() => Assert.Equal("The log could not be loaded", page.Find("[role=alert] h2").TextContent));
        File.Move(aside, app.LogFilePath);
        await page.InvokeAsync(() => page.FindAll("button").Single(b => b.TextContent == "Try again").ClickAsync());
        page.WaitForAssertion(() => Assert.Contains("No requests", page.Markup, StringComparison.Ordinal));
    }

    private IRenderedComponent<LogsPage> Open(string address = "logs")
    {
        Navigation.NavigateTo(address);
        var page = Render<LogsPage>();
        page.WaitForState(() => page.FindAll("[aria-label='Loading requests']").Count == 0);
        return page;
    }

    private async Task<Actor> LogInAsync(string zone = "UTC")
    {
        var actor = await _app.CreateActorAsync();
        LogIn(actor, zone);
        return actor;
    }

    private void LogIn(Actor actor, string zone)
    {
        AddAuthorization().SetAuthorized("person").SetClaims(
            new Claim(ClaimTypes.NameIdentifier, actor.AccountId!.Value.ToString(CultureInfo.InvariantCulture)),
            new Claim(SessionClaims.SessionId, actor.SessionId.ToString()));
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        Services.GetRequiredService<Person>().Zone = TimeZoneInfo.FindSystemTimeZoneById(zone);
    }

    private async Task LogAsync(Actor owner, Func<LoggedRequest, LoggedRequest> change)
    {
        _app.AddLine(TimeSpan.Zero, line => change(line with { AccountId = owner.AccountId }));
        await _app.LogWriter.FlushAsync();
    }

    private static IElement Link(IRenderedComponent<IComponent> page, string name) => page.FindAll("a").Single(a => a.TextContent == name);

    private static IReadOnlyList<string> Models(IRenderedComponent<IComponent> page) => [.. page.FindAll("tbody .name").Select(n => n.TextContent)];
}
