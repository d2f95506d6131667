using Bunit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Logs;

/// <summary>What the log can be asked for, as its address says it.</summary>
public sealed class LogFiltersTests(NexLlmApp app) : LogsPageContext(app)
{
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
        var key = await App.CreateKeyAsync(actor, "production-app");
        var page = Open();

        await page.InvokeAsync(() => page.Find("#log-key").ChangeAsync("Production-App"));
        Assert.EndsWith($"/logs?key={key.Key.Id}", Navigation.Uri, StringComparison.Ordinal);
        Navigation.NavigateTo("logs");
        await page.InvokeAsync(() => page.Find("#log-key").ChangeAsync($"Bearer {key.Secret.Reveal()}"));
        Assert.EndsWith($"/logs?key={key.Key.Id}", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal("production-app", page.Find("#log-key").GetAttribute("value")));
        Assert.DoesNotContain(Navigation.History, step => step.Uri.Contains("sk-", StringComparison.Ordinal));

        await page.InvokeAsync(() => page.Find("#log-key").ChangeAsync("nothing-is-called-so"));
        Assert.Equal("No key with this name.", page.Find("#log-key-error").TextContent);
    }

    [Fact]
    public async Task Every_choice_that_an_address_can_make_is_shown()
    {
        await LogInAsync();
        var page = Open("logs?status=some_code&group=99&range=7d");

        Assert.Equal(["7d", "99", "some_code"], page.FindAll("select").Select(select => select.GetAttribute("value")));
        foreach (var select in page.FindAll("select"))
        {
            Assert.Contains(select.QuerySelectorAll("option"), option => option.GetAttribute("value") == select.GetAttribute("value"));
        }
    }

    [Fact]
    public async Task Whose_requests_an_administrator_looks_at_is_said_and_can_be_taken_back()
    {
        var actor = await App.CreateActorAsync(administrator: true);
        LogIn(actor, "UTC");
        var ben = await App.CreateActorAsync("ben.whose@example.com");
        var page = Open($"logs?account={ben.AccountId}");

        var chip = page.FindAll("a.chip").Single();
        Assert.Contains("ben.whose@example.com", chip.TextContent, StringComparison.Ordinal);
        Assert.Equal("logs", chip.GetAttribute("href"));
    }

    [Fact]
    public async Task A_year_that_is_being_typed_asks_for_nothing_yet_and_both_hours_of_an_autumn_night_belong_to_a_range()
    {
        await LogInAsync(zone: "Europe/Berlin");
        var page = Open("logs?from=2040-10-01T00:00:00Z");
        var before = Navigation.Uri;

        await page.InvokeAsync(() => page.FindAll("input[type=datetime-local]")[1].ChangeAsync("0020-10-28T02:30"));
        Assert.Equal(before, Navigation.Uri);
        await page.InvokeAsync(() => page.FindAll("input[type=datetime-local]")[0].ChangeAsync("2040-10-28T02:30"));
        await page.InvokeAsync(() => page.FindAll("input[type=datetime-local]")[1].ChangeAsync("2040-10-28T02:30"));

        Assert.EndsWith("from=2040-10-28T00%3A30%3A00Z&to=2040-10-28T01%3A30%3A00Z", Navigation.Uri, StringComparison.Ordinal);
        Navigation.NavigateTo("logs?from=2040-10-28T00:30:00Z&to=2040-10-27T00:00:00Z");
        page.WaitForAssertion(() => Assert.Contains("must be after its start", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Times_are_read_in_the_persons_zone()
    {
        await LogInAsync(zone: "Asia/Kathmandu");
        var page = Open("logs?from=2040-03-01T00:00:00Z");

        Assert.Equal("2040-03-01T05:45", page.Find("input[type=datetime-local]").GetAttribute("value"));
        await page.InvokeAsync(() => page.FindAll("input[type=datetime-local]")[1].ChangeAsync("2040-03-01T06:45"));

        Assert.EndsWith("from=2040-03-01T00%3A00%3A00Z&to=2040-03-01T01%3A00%3A00Z", Navigation.Uri, StringComparison.Ordinal);
    }
}
