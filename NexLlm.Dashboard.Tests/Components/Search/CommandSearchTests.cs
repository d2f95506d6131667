using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Search;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Search;

public sealed class CommandSearchTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Own_keys_are_found_by_name_display_form_and_secret_and_others_not()
    {
        var (owner, other) = (await app.CreateActorAsync(), await app.CreateActorAsync());
        var key = await app.CreateKeyAsync(owner, "Billing worker");

        foreach (var text in new[] { "billing", "WORK", "bi", key.Key.DisplayForm, key.Key.DisplayForm[..12], key.Secret.Reveal(), $" {key.Secret.Reveal()} " })
        {
            Assert.Equal([new SearchHit(SearchKind.Key, "Billing worker", key.Key.DisplayForm, $"keys/{key.Key.Id}")], (await FindAsync(owner, text)).Where(h => h.Kind is SearchKind.Key));
            Assert.DoesNotContain(await FindAsync(other, text), h => h.Kind is SearchKind.Key);
        }
    }

    [Fact]
    public async Task Administrators_find_accounts_channels_and_groups_and_nobody_else_does()
    {
        var admin = await app.CreateActorAsync(administrator: true);
        var owner = await app.CreateActorAsync("needle-in@example.com");
        var channel = await app.CreateChannelAsync(admin, s => s with { Name = "Needle channel" });
        var group = await app.CreateGroupAsync(admin, "needle group");

        Assert.Equal(
            [(SearchKind.Account, $"accounts/{owner.AccountId}"), (SearchKind.Channel, $"channels/{channel.Id}"), (SearchKind.Group, $"groups/{group.Id}")],
            (await FindAsync(admin, "NEEDLE")).Select(h => (h.Kind, h.Url)));
        Assert.Empty(await FindAsync(owner, "needle"));
    }

    [Fact]
    public async Task Pages_are_found_by_the_beginnings_of_words_as_far_as_they_may_be_opened()
    {
        var admin = await app.CreateActorAsync(administrator: true);
        var owner = await app.CreateActorAsync();

        Assert.Equal("Create API Key", (await FindAsync(owner, "cre key"))[0].Title);
        Assert.Equal(["Channels", "New channel"], (await FindAsync(admin, "provider")).Where(h => h.Kind is SearchKind.Page or SearchKind.Action).Select(h => h.Title));
        Assert.Empty(await FindAsync(owner, "provider"));
        Assert.True((await FindAsync(admin, "")).Count > (await FindAsync(owner, " ")).Count);
    }

    [Fact]
    public async Task Of_each_kind_there_are_a_few_and_a_wild_card_is_a_letter()
    {
        var owner = await app.CreateActorAsync();
        for (var i = 0; i < QuickSearch.Most + 2; i++)
        {
            await app.CreateKeyAsync(owner, $"many-{i}");
        }

        Assert.Equal(QuickSearch.Most, (await FindAsync(owner, "many")).Count(h => h.Kind is SearchKind.Key));
        Assert.DoesNotContain(await FindAsync(owner, "%%%"), h => h.Kind is SearchKind.Key);
        Assert.Empty(await FindAsync(owner, new string('m', QuickSearch.MaxLength + 1)));
    }

    [Fact]
    public async Task Every_page_that_it_leads_to_is_there()
    {
        var admin = await app.CreateActorAsync(administrator: true);
        using var visitor = app.CreateVisitor();
        var pages = await FindAsync(admin, "");
        Assert.Equal(pages.Select(page => page.Url).Distinct(), pages.Select(page => page.Url));

        foreach (var page in (await FindAsync(admin, "")).Where(h => h.Kind is SearchKind.Page or SearchKind.Action))
        {
            // A visitor is led to the log-in page from every page that exists, and told of any other that it does not.
            using var answer = await visitor.GetAsync(page.Url, Cancellation);
            Assert.Equal((page.Title, System.Net.HttpStatusCode.Redirect), (page.Title, answer.StatusCode));
        }
    }

    private Task<IReadOnlyList<SearchHit>> FindAsync(Actor actor, string text) => app.Services.GetRequiredService<CommandSearch>().FindAsync(actor, text, Cancellation);
}
