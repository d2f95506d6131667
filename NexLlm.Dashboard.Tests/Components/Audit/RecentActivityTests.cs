using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Accounts.History;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Audit;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.Components.Accounts;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Audit;

public sealed class RecentActivityTests(NexLlmApp app) : AdministrationPageTests(app), IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task The_last_events_are_told_with_what_an_edit_changed()
    {
        var ada = await LogInAsync();
        var key = (await App.CreateKeyAsync(ada, "production")).Key;
        await App.Keys.EditAsync(ada, new EditKey(key.Id, key.Version, Quota: new QuotaChange.SetLimit(5_000_000)), Cancellation);
        await App.Keys.SetEnabledAsync(ada, [key.Id], enabled: false, Cancellation);

        var activity = Render<RecentActivity>(parameters => parameters.Add(a => a.Count, 2));

        activity.WaitForAssertion(() => Assert.Equal(
            ["Key disabled production | You · Just now", "Key edited production | Quota: from unlimited to 5,000,000 tokens | You · Just now"], Items(activity)));
        Assert.Equal($"keys/{key.Id}", activity.FindAll("a")[0].GetAttribute("href"));
    }

    [Fact]
    public async Task Of_one_key_only_its_own_events_are_told_and_a_new_one_comes_by_itself()
    {
        var ada = await LogInAsync();
        var key = (await App.CreateKeyAsync(ada, "one")).Key;
        var other = (await App.CreateKeyAsync(ada, "two")).Key;
        var activity = Render<RecentActivity>(parameters => parameters.Add(a => a.KeyId, key.Id));
        activity.WaitForAssertion(() => Assert.Equal(["Key created one | You · Just now"], Items(activity)));

        await App.Keys.SetEnabledAsync(ada, [key.Id, other.Id], enabled: false, Cancellation);
        foreach (var id in (long[])[other.Id, key.Id])
        {
            App.Services.GetRequiredService<AuditEvents>().Publish(new AuditEvent { Action = AuditActions.KeyDisabled, KeyId = id, OwnerId = ada.AccountId });
        }

        activity.WaitForAssertion(() => Assert.Equal(["Key disabled one | You · Just now", "Key created one | You · Just now"], Items(activity)));
    }

    [Fact]
    public async Task An_administrator_reads_who_was_invited_and_by_whom()
    {
        var other = await App.CreateActorAsync("other-root@example.com", administrator: true);
        await LogInAsync(administrator: true);
        await App.Services.GetRequiredService<InvitationService>().InviteAsync(other, "new.person@example.com", tokenLimit: 0, Cancellation);

        var activity = Render<RecentActivity>(parameters => parameters.Add(a => a.Count, 1));

        activity.WaitForAssertion(() => Assert.Equal(["Invitation created new.person@example.com | other-root@example.com · Just now"], Items(activity)));
    }

    [Fact]
    public async Task A_failure_is_told_and_can_be_tried_again()
    {
        var database = new CountedContexts(App.Contexts) { Fails = true };
        Services.AddSingleton(ActivatorUtilities.CreateInstance<ChangeHistory>(App.Services, database));
        await LogInAsync();
        var activity = Render<RecentActivity>();
        activity.WaitForAssertion(() => Assert.Equal("Couldn't load recent activity", activity.Find("[role=alert] h2").TextContent));

        database.Fails = false;
        await ClickAsync(activity, "button", "Try again");

        activity.WaitForAssertion(() => Assert.Equal("No activity yet", activity.Find("p").TextContent));
    }

    private static IEnumerable<string> Items(IRenderedComponent<IComponent> activity) =>
        activity.FindAll("[role=listitem]").Select(item => string.Join(" | ", item.QuerySelectorAll(".mud-timeline-item-content > div").Select(line => OneLine(line.TextContent))));
}
