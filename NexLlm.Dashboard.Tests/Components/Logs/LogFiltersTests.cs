using Bunit;
using MudBlazor;
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

        await Fields.TypeAsync(page, "Model", "small");
        await Fields.TakeAsync("small");

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

        await Fields.TypeAsync(page, "Key", "Production-");
        await Fields.TakeAsync("production-app");
        Assert.EndsWith($"/logs?key={key.Key.Id}", Navigation.Uri, StringComparison.Ordinal);
        Navigation.NavigateTo("logs");
        page.WaitForAssertion(() => Assert.True(string.IsNullOrEmpty(PageFields.Shown(page, "Key"))));
        await Fields.TypeAsync(page, "Key", $"Bearer {key.Secret.Reveal()}");
        page.WaitForAssertion(() => Assert.EndsWith($"/logs?key={key.Key.Id}", Navigation.Uri, StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        page.WaitForAssertion(() => Assert.Equal("production-app", PageFields.Shown(page, "Key")));
        Assert.DoesNotContain(Navigation.History, step => step.Uri.Contains("sk-", StringComparison.Ordinal));

        await Fields.TypeAsync(page, "Key", "nothing-is-called-so");
        Fields.WaitForOffered(_ => Assert.Equal("No key with this name.", Fields.OfferedNothing));
    }

    [Fact]
    public async Task A_key_far_down_the_list_is_found_and_the_first_offered_are_the_last_used()
    {
        var actor = await LogInAsync();
        var first = (await App.CreateKeyAsync(actor, "the-oldest-of-all")).Key;
        for (var i = 0; i < 30; i++)
        {
            await App.CreateKeyAsync(actor, $"service-{i}");
        }

        var page = Open();
        await page.InvokeAsync(() => PageFields.Field(page, "Key").FocusAsync(new()));
        Fields.WaitForOffered(offered => Assert.Equal((20, false), (offered.Count, offered.Contains("the-oldest-of-all"))));

        await Fields.TypeAsync(page, "Key", "oldest");
        Fields.WaitForOffered(offered => Assert.Equal(["the-oldest-of-all"], offered));
        await Fields.TakeAsync("the-oldest-of-all");

        Assert.EndsWith($"/logs?key={first.Id}", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_finds_others_keys_with_their_owners()
    {
        LogIn(await App.CreateActorAsync(administrator: true), "UTC");
        var ben = await App.CreateActorAsync("ben.filters@example.com");
        var key = (await App.CreateKeyAsync(ben, "bens-own-key")).Key;
        var page = Open();

        await Fields.TypeAsync(page, "Key", "bens-own");
        await Fields.TakeAsync("bens-own-keyben.filters@example.com");

        Assert.EndsWith($"/logs?key={key.Id}", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal("bens-own-key", PageFields.Shown(page, "Key")));
    }

    [Fact]
    public async Task A_model_that_nobody_serves_can_be_asked_for_as_it_is_typed()
    {
        await LogInAsync();
        var page = Open();

        await Fields.TypeAsync(page, "Model", "no-such-model");
        await Fields.TakeAsync("no-such-model");

        Assert.EndsWith("/logs?model=no-such-model", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_is_chosen_and_taken_back()
    {
        await LogInAsync();
        var page = Open("logs?live=on");

        await Fields.ChooseAsync<string>(page, "Status", "key_expired");
        Assert.EndsWith("/logs?status=key_expired&live=on", Navigation.Uri, StringComparison.Ordinal);
        await Fields.ChooseAsync<string>(page, "Status", "Any");
        Assert.EndsWith("/logs?live=on", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_choice_that_an_address_can_make_is_shown()
    {
        await LogInAsync();
        var page = Open("logs?status=some_code&group=99&range=7d");

        Assert.Equal("7d", page.Find(".mud-toggle-item-selected").TextContent.Trim());
        Assert.Equal("Deleted group", PageFields.Shown(page, "Group"));
        Assert.Equal("some_code", PageFields.Shown(page, "Status"));
    }

    [Fact]
    public async Task Whose_requests_an_administrator_looks_at_is_said_and_can_be_taken_back()
    {
        var actor = await App.CreateActorAsync(administrator: true);
        LogIn(actor, "UTC");
        var ben = await App.CreateActorAsync("ben.whose@example.com");
        var page = Open($"logs?account={ben.AccountId}");

        var chip = page.FindAll("a.mud-chip").Single();
        Assert.Contains("ben.whose@example.com", chip.TextContent, StringComparison.Ordinal);
        Assert.Equal("logs", chip.GetAttribute("href"));
    }

    [Fact]
    public async Task Both_hours_of_an_autumn_night_belong_to_a_range_and_an_implausible_date_asks_for_nothing()
    {
        await LogInAsync(zone: "Europe/Berlin");
        var page = Open("logs?from=2040-10-01T00:00:00Z");
        var before = Navigation.Uri;

        await PageFields.ChooseDatesAsync(page, new(2040, 10, 28), new(20, 10, 28));
        Assert.Equal(before, Navigation.Uri);
        Assert.Contains("Enter a date after 1970.", page.Markup, StringComparison.Ordinal);
        await PageFields.ChooseDatesAsync(page, new(2040, 10, 28), new(2040, 10, 28));
        await PageFields.EnterAsync(page, "Start time", "02:30");
        await PageFields.EnterAsync(page, "End time", "02:30");

        Assert.EndsWith("from=2040-10-28T00%3A30%3A00Z&to=2040-10-28T01%3A30%3A00Z", Navigation.Uri, StringComparison.Ordinal);
        Navigation.NavigateTo("logs?from=2040-10-28T00:30:00Z&to=2040-10-27T00:00:00Z");
        page.WaitForAssertion(() => Assert.Contains("must be after its start", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Times_are_read_in_the_persons_zone_and_days_count_as_a_whole()
    {
        await LogInAsync(zone: "Asia/Kathmandu");
        var page = Open("logs?from=2040-03-01T00:00:00Z");

        Assert.Equal("05:45", PageFields.Shown(page, "Start time"));
        await PageFields.ChooseDatesAsync(page, new(2040, 3, 1), new(2040, 3, 2));
        Assert.EndsWith("from=2040-03-01T00%3A00%3A00Z&to=2040-03-02T18%3A15%3A00Z", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal(new DateTime(2040, 3, 2), page.FindComponent<MudDateRangePicker>().Instance.DateRange!.End));
        Assert.True(string.IsNullOrEmpty(PageFields.Shown(page, "End time")));

        await PageFields.EnterAsync(page, "End time", "06:45");
        Assert.EndsWith("from=2040-03-01T00%3A00%3A00Z&to=2040-03-02T01%3A00%3A00Z", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_period_up_to_now_takes_the_place_of_a_range_and_the_other_way_round()
    {
        await LogInAsync();
        var page = Open("logs?from=2040-03-01T00:00:00Z&to=2040-03-02T00:00:00Z&status=failed");

        await ClickAsync(page, ".period button", "1h");
        Assert.EndsWith("/logs?range=1h&status=failed", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Empty(page.FindComponents<MudDateRangePicker>()));
        await ClickAsync(page, ".period button", "Custom");
        page.WaitForAssertion(() => Assert.Single(page.FindComponents<MudDateRangePicker>()));
    }
}
