using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>What counts as a tab is a page that is alive.</summary>
public sealed class TabsJourney(Chromium chromium, TabsJourney.FewTabs app) : Journey(chromium, app), IClassFixture<TabsJourney.FewTabs>
{
    [BrowserFact]
    public async Task A_page_that_is_alive_takes_a_place_until_it_is_left()
    {
        var person = await SignUpAsync("tabs");
        await person.Page.InteractiveAsync();
        var actor = await ActorAsync(person);
        var connections = App.Services.GetRequiredService<LiveConnections>();

        Assert.Equal(LiveConnections.Rejection.AccountFull, connections.Refuses(actor));

        await person.Page.GotoAsync("account");
        await GatewayApp.UntilAsync(() => Task.FromResult(connections.Refuses(actor) is null));
    }

    public sealed class FewTabs : NexLlmApp
    {
        public FewTabs() => Settings["Accounts:TabsPerAccount"] = "1";
    }
}
