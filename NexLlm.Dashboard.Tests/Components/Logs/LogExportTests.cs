using System.Net;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Tests.Accounts;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Logs;

/// <summary>The export as a browser asks for it.</summary>
public sealed class LogExportTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_is_not_logged_in_is_led_to_the_log_in_page()
    {
        using var visitor = app.CreateVisitor();
        using var answer = await visitor.GetAsync("/logs/export", Cancellation);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains("/account/login", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_a_file_of_all_that_the_filters_leave_of_ones_own_requests()
    {
        using var ada = new AccountVisitor(app);
        await ada.SignUpAsync("exporter@example.com");
        var owner = await IdAsync("EXPORTER@EXAMPLE.COM");
        for (var i = 0; i < 3_000; i++)
        {
            app.AddLine(TimeSpan.FromSeconds(i), line => line with { AccountId = owner, Model = i % 2 == 0 ? "=even" : "odd", ChargedTokens = 1 });
        }

        app.AddLine(TimeSpan.FromSeconds(1), line => line with { AccountId = owner + 1_000, Model = "=even" });
        await app.LogWriter.FlushAsync();
        using var answer = await ada.GetAsync("/logs/export?model=%3Deven&before=1");
        var lines = (await answer.Content.ReadAsStringAsync(Cancellation)).Split("\r\n");

        Assert.Equal(("text/csv", "attachment"), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.DispositionType));
        Assert.EndsWith(".csv", answer.Content.Headers.ContentDisposition?.FileName?.Trim('"'), StringComparison.Ordinal);
        Assert.Equal(1_500 + 2, lines.Length);
        Assert.StartsWith("time,request_id,", lines[0].TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.All(lines[1..^1], line => Assert.Contains(",'=even,", line, StringComparison.Ordinal));
        Assert.Equal("", lines[^1]);
    }

    [Fact]
    public async Task One_without_a_line_has_its_head()
    {
        using var ben = new AccountVisitor(app);
        await ben.SignUpAsync("nothing@example.com");

        Assert.Single((await ben.ReadAsync("/logs/export")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries));
        Assert.Single((await ben.ReadAsync($"/logs/export?request={RequestNumber.NewId(1)}")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries));
    }

    private async Task<long> IdAsync(string normalizedEmail)
    {
        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        return db.Users.Single(a => a.NormalizedEmail == normalizedEmail).Id;
    }
}
