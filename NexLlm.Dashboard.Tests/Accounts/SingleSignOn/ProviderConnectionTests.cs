using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Accounts.SingleSignOn;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.SingleSignOn;

public sealed class ProviderConnectionTests(SingleSignOnApp site) : IClassFixture<SingleSignOnApp>
{
    private readonly NexLlmApp _app = site.App;

    [Fact]
    public async Task A_person_connects_a_provider_and_disconnects_it_and_both_are_recorded()
    {
        site.Corp.Person = new("connect-1", "elsewhere@example.org", IsVerified: false);
        using var person = new AccountVisitor(_app);
        await person.SignUpAsync("connect@example.com");
        var link = await ConnectLinkAsync(person, "corp");

        Assert.Equal("/account?done=connected", AccountVisitor.Target(await person.GoAsync(link)));
        using var elsewhere = new AccountVisitor(_app);
        Assert.Null((await elsewhere.LogInWithAsync("corp")).Failure());
        Assert.Contains("connect@example.com", await elsewhere.ReadAsync("/account"), StringComparison.Ordinal);

        var gone = await person.SubmitAsync("/account", "disconnect-corp");
        Assert.Equal("/account?done=disconnected", AccountVisitor.Target(gone));
        Assert.Equal("accountexists", (await LogInWithNewAddressAsync("connect@example.com")).Failure());
        Assert.Equal("/account/login?returnUrl=%2Faccount", AccountVisitor.Target(await elsewhere.GetAsync("/account")));
        var account = (await _app.AccountAsync("connect@example.com"))!;
        var changes = (await _app.AuditAsync()).Where(e => e.OwnerId == account.Id && e.Action.Contains("provider", StringComparison.Ordinal)).ToList();
        Assert.Equal([AuditActions.AccountProviderConnected, AuditActions.AccountProviderDisconnected], changes.Select(e => e.Action));
        Assert.All(changes, e => Assert.Contains("corp", e.Changes, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_last_way_into_an_account_stays()
    {
        site.Other.Person = new("last-1", "last@example.com");
        using var person = new AccountVisitor(_app);
        Assert.Null((await person.LogInWithAsync("other")).Failure());

        Assert.Equal("/account?done=last-way-in", AccountVisitor.Target(await person.SubmitAsync("/account", "disconnect-other")));
        Assert.Contains("nothing else lets you log in", await person.ReadAsync("/account?done=last-way-in"), StringComparison.Ordinal);
        site.Corp.Person = new("last-at-corp", "last@example.org");
        await person.GoAsync(await ConnectLinkAsync(person, "corp"));
        Assert.Equal("/account?done=disconnected", AccountVisitor.Target(await person.SubmitAsync("/account", "disconnect-other")));
    }

    [Fact]
    public async Task Nobody_is_connected_to_somebody_elses_account_nor_twice_to_one_provider()
    {
        site.Corp.Person = new("owner-1", "owner@example.com");
        using var owner = new AccountVisitor(_app);
        await owner.LogInWithAsync("corp");
        using var other = new AccountVisitor(_app);
        await other.SignUpAsync("taker@example.com");

        var taken = await other.GoAsync(await ConnectLinkAsync(other, "corp"));
        Assert.Equal("taken", taken.Failure());
        Assert.Contains("already connected to another account here", await other.ReadAsync(AccountVisitor.Target(taken)!), StringComparison.Ordinal);
        site.Corp.Person = new("owner-2", "owner@example.com");
        var actor = await _app.ActorOfAsync("owner@example.com");
        Assert.Equal(SingleSignOnFailure.Connected, await _app.Services.GetRequiredService<ProviderConnections>().ConnectAsync(
            actor, new ProviderIdentity("corp", "owner-2", "owner@example.com", true, false), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Another_site_cannot_begin_to_connect_and_a_connection_does_not_change_hands_on_the_way()
    {
        site.Corp.Person = new("csrf-1", "csrf@example.org");
        using var victim = new AccountVisitor(_app);
        await victim.SignUpAsync("csrf-victim@example.com");
        using var attacker = new AccountVisitor(_app);
        await attacker.SignUpAsync("csrf-attacker@example.com");
        var link = await ConnectLinkAsync(attacker, "corp");

        foreach (var forged in new[] { link, "/account/sso/corp/connect", "/account/sso/corp/connect?proof=x" })
        {
            Assert.Equal("/account", AccountVisitor.Target(await victim.GetAsync(forged)));
        }

        // Begun by one login, ended by another of the same browser.
        var callback = (await victim.GoAsync(await ConnectLinkAsync(victim, "corp"), until: "/callback")).Headers.Location!.ToString();
        site.Other.Person = new("csrf-2", "csrf-second@example.com");
        Assert.Null((await victim.LogInWithAsync("other")).Failure());
        Assert.Equal("expired", (await victim.GoAsync(callback)).Failure());
        Assert.Equal(HttpStatusCode.OK, (await victim.GetAsync("/account")).StatusCode);
    }

    private async Task<HttpResponseMessage> LogInWithNewAddressAsync(string email)
    {
        site.Corp.Person = new("connect-1", email);
        using var visitor = new AccountVisitor(_app);
        return await visitor.LogInWithAsync("corp");
    }

    private static async Task<string> ConnectLinkAsync(AccountVisitor person, string provider) => WebUtility.HtmlDecode(
        (await person.ReadAsync("/account")).Split('"').Single(part => part.StartsWith($"/account/sso/{provider}/connect", StringComparison.Ordinal)));
}
