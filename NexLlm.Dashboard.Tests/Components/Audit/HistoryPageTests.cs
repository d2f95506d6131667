using Bunit;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Accounts.History;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Audit;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.Components.Accounts;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Audit;

public sealed class HistoryPageTests(NexLlmApp app) : AdministrationPageTests(app), IClassFixture<NexLlmApp>
{
    private PageFields? _fields;

    private PageFields Fields => _fields ??= new PageFields(this);

    [Fact]
    public async Task An_owner_reads_what_happened_in_plain_words()
    {
        var ada = await LogInAsync();
        var root = await App.CreateActorAsync(administrator: true);
        var key = (await App.CreateKeyAsync(ada, "production")).Key;
        await App.Keys.EditAsync(ada, new EditKey(key.Id, key.Version, Quota: new QuotaChange.SetLimit(5_000_000)), Cancellation);
        await App.Keys.SetEnabledAsync(root, [key.Id], enabled: false, Cancellation);
        await App.Keys.DeleteAsync(ada, [(await App.CreateKeyAsync(ada, "short-lived")).Key.Id], Cancellation);

        var page = Open("history");

        Assert.Equal(
            [
                "Key deleted | Just now | You IP 127.0.0.1 | short-lived (deleted) | ",
                "Key created | Just now | You IP 127.0.0.1 | short-lived (deleted) | Name: “short-lived”Group: “default”",
                "Key disabled | Just now | Administrator | production | ",
                "Key edited | Just now | You IP 127.0.0.1 | production | Quota: from unlimited to 5,000,000 tokens",
                "Key created | Just now | You IP 127.0.0.1 | production | Name: “production”Group: “default”",
            ],
            Rows(page));
        Assert.DoesNotContain(page.FindAll("label"), label => label.TextContent is "Account");
    }

    [Fact]
    public async Task An_administrator_filters_by_account_kind_and_day_and_the_address_keeps_it()
    {
        await LogInAsync(administrator: true);
        var ada = await App.CreateActorAsync("history-ada@example.com");
        await App.CreateKeyAsync(ada, "one");
        var page = Open("history");

        await Fields.TypeAsync(page, "Account", "History-Ada");
        await Fields.TakeAsync("history-ada@example.com");
        Assert.EndsWith($"history?account={ada.AccountId}", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal("history-ada@example.com", PageFields.Shown(page, "Account")));
        page.WaitForAssertion(() => Assert.Contains("| one", Assert.Single(Rows(page)), StringComparison.Ordinal));

        await Fields.ChooseAsync<string>(page, "Event", "Key deleted");
        Assert.EndsWith($"history?what=key.deleted&account={ada.AccountId}", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal("No matching events", page.Find("h2").TextContent));
        page.WaitForAssertion(() => Assert.Equal("Key deleted", PageFields.Shown(page, "Event")));

        await Fields.TypeAsync(page, "Account", "nobody@example.com");
        Fields.WaitForOffered(_ => Assert.Equal("No account with this email.", Fields.OfferedNothing));

        await Fields.ChooseAsync<string>(page, "Event", "Sessions and passwords: all");
        Assert.EndsWith($"history?what=log-ins&account={ada.AccountId}", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal("No matching events", page.Find("h2").TextContent));
    }

    [Fact]
    public async Task Days_are_chosen_as_a_range_of_the_persons_zone()
    {
        await App.CreateKeyAsync(await LogInAsync(), "one");
        var page = Open("history");

        await PageFields.ChooseDatesAsync(page, new(2040, 2, 1), new(2040, 2, 2));
        Assert.EndsWith("history?from=2040-02-01&to=2040-02-02", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal("No matching events", page.Find("h2").TextContent));

        Navigation.NavigateTo("history?from=2040-02-01&to=2040-03-31");
        page.WaitForAssertion(() => Assert.Single(Rows(page)));
    }

    [Fact]
    public async Task The_target_of_an_invitation_is_the_invited_person()
    {
        var root = await LogInAsync(administrator: true);
        var invitations = App.Services.GetRequiredService<InvitationService>();
        await invitations.InviteAsync(root, "invited.target@example.com", tokenLimit: 5, Cancellation);
        await invitations.WithdrawAsync(root, (await invitations.ListAsync(root, Cancellation)).Single(i => i.Email == "invited.target@example.com").Id, Cancellation);

        var rows = Rows(Open("history?what=accounts"));

        Assert.Equal("Invitation revoked | Just now | You IP 127.0.0.1 | invited.target@example.com | ", rows[0]);
        Assert.StartsWith("Invitation created | Just now | You IP 127.0.0.1 | invited.target@example.com | Quota: 5 tokens", rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_did_is_told_from_what_happened_to_them()
    {
        var root = await LogInAsync(administrator: true);
        var ada = await App.CreateActorAsync("part-ada@example.com");
        var key = (await App.CreateKeyAsync(ada, "one")).Key;
        await App.Keys.SetEnabledAsync(root, [key.Id], enabled: false, Cancellation);
        var page = Open($"history?account={ada.AccountId}");
        Assert.Equal(["Key disabled", "Key created"], Rows(page).Select(row => row.Split(" | ")[0]));

        await Fields.ChooseAsync<AccountPart>(page, "Role", "Actor");
        page.WaitForAssertion(() => Assert.StartsWith("Key created", Assert.Single(Rows(page)), StringComparison.Ordinal));
        Assert.EndsWith($"history?account={ada.AccountId}&as=actor", Navigation.Uri, StringComparison.Ordinal);

        Navigation.NavigateTo($"history?account={root.AccountId}&as=actor");
        page.WaitForAssertion(() => Assert.StartsWith("Key disabled | Just now | You IP 127.0.0.1 | one (part-ada@example.com)", Assert.Single(Rows(page)), StringComparison.Ordinal));
        Navigation.NavigateTo($"history?account={root.AccountId}&as=subject");
        page.WaitForAssertion(() => Assert.Equal("No matching events", page.Find("h2").TextContent));
    }

    [Fact]
    public async Task What_happened_to_channels_and_groups_is_said_by_their_names_to_administrators_alone()
    {
        var root = await App.CreateActorAsync(administrator: true);
        var channel = await App.CreateChannelAsync(root, settings => settings with { Name = "upstream-a" }, providerKey: "provider-secret");
        await App.CreateGroupAsync(root, "economy", ratioMillionths: 500_000);
        await App.Channels.DeleteAsync(root, channel.Id, Cancellation);
        LogIn(root);

        var rows = Rows(Open("history?what=channels"));

        Assert.Equal(["Channel deleted | Just now | You IP 127.0.0.1 | Channel upstream-a | ", "Group created", "Channel created"], [rows[0], .. rows.Skip(1).Select(row => row.Split(" | ")[0])]);
        Assert.Contains("Group economy", rows[1], StringComparison.Ordinal);
        Assert.Contains("Ratio: 0.5", rows[1], StringComparison.Ordinal);
        Assert.Contains("Provider key: set", rows[2], StringComparison.Ordinal);
        Assert.DoesNotContain(rows, row => row.Contains("provider-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_keys_history_says_whose_it_is_and_nothing_of_others()
    {
        var ada = await LogInAsync();
        var key = (await App.CreateKeyAsync(ada, "one")).Key;
        await App.CreateKeyAsync(ada, "two");

        var page = Open($"history?key={key.Id}");

        Assert.StartsWith("Key created | Just now | You IP 127.0.0.1 | one", Assert.Single(Rows(page)), StringComparison.Ordinal);
        Assert.Equal("Showing events for key one.", OneLine(page.Find(".only p").TextContent));
        Assert.Equal($"keys/{key.Id}", page.Find(".only p a").GetAttribute("href"));
    }

    [Fact]
    public async Task Twenty_five_events_are_a_page_and_the_links_lead_on()
    {
        var ada = await LogInAsync();
        var key = (await App.CreateKeyAsync(ada, "one")).Key;
        for (var n = 0; n < 28; n++)
        {
            await App.Keys.SetEnabledAsync(ada, [key.Id], enabled: n % 2 == 1, Cancellation);
        }

        var page = Open("history");
        Assert.Equal(25, Rows(page).Count);
        Navigation.NavigateTo(Named(page, ".key-pager a", "Next page").GetAttribute("href")!);

        page.WaitForAssertion(() => Assert.Equal(4, Rows(page).Count));
        Assert.Null(Named(page, ".key-pager a", "Next page").GetAttribute("href"));
        Assert.Equal("history", Named(page, ".key-pager a", "First page").GetAttribute("href"));
    }

    [Fact]
    public async Task A_failure_is_told_calmly_and_can_be_tried_again()
    {
        var database = new CountedContexts(App.Contexts) { Fails = true };
        Services.AddSingleton(ActivatorUtilities.CreateInstance<ChangeHistory>(App.Services, database));
        await App.CreateKeyAsync(await LogInAsync(), "one");
        Navigation.NavigateTo("history");
        var page = Render<HistoryPage>();
        page.WaitForAssertion(() => Assert.Equal("Couldn't load the activity log", page.Find("[role=alert] h2").TextContent));

        database.Fails = false;
        await ClickAsync(page, "button", "Try again");

        page.WaitForAssertion(() => Assert.StartsWith("Key created", Assert.Single(Rows(page)), StringComparison.Ordinal));
    }

    private new IRenderedComponent<HistoryPage> Open(string address)
    {
        _ = Fields;
        Navigation.NavigateTo(address);
        var page = Render<HistoryPage>();
        page.WaitForState(() => page.FindAll("[aria-label='Loading the activity log']").Count == 0);
        return page;
    }
}
