using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Components.Layout;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Tests.Components.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Layout;

public sealed class MainLayoutTests : ListPageTests, IClassFixture<NexLlmApp>
{
    public MainLayoutTests(NexLlmApp app)
        : base(app) => Services.AddSingleton<AntiforgeryStateProvider, NoToken>();

    [Theory]
    [InlineData("keys", "API Keys")]
    [InlineData("keys?show=disabled", "API Keys")]
    [InlineData("keys/new", "API Keys")]
    [InlineData("keys/7/edit", "API Keys")]
    [InlineData("keys/deleted", "Recently deleted")]
    [InlineData("channels?sort=errors", "Channels")]
    [InlineData("channels/7", "Channels")]
    [InlineData("groups/new", "Groups")]
    [InlineData("catalog/model?model=gpt-4o", "Models")]
    public async Task The_navigation_marks_where_the_page_belongs(string address, string place)
    {
        await LogInAsync(administrator: true);
        Navigation.NavigateTo(address);

        Assert.Equal(place, Render<MainLayout>().Find("nav [aria-current=page]").TextContent);
    }

    [Fact]
    public async Task Who_becomes_an_administrator_or_is_one_no_more_sees_it_without_a_reload()
    {
        var root = await App.CreateActorAsync(administrator: true);
        var me = await LogInAsync();
        var layout = Render<MainLayout>();
        Assert.Empty(layout.FindAll("#administration"));
        var access = App.Services.GetRequiredService<AccountAccess>();

        await access.SetAdministratorAsync(root, me.AccountId!.Value, administrator: true, Cancellation);
        layout.WaitForAssertion(() => Assert.Single(layout.FindAll("#administration")));
        await access.SetAdministratorAsync(root, me.AccountId!.Value, administrator: false, Cancellation);
        layout.WaitForAssertion(() => Assert.Empty(layout.FindAll("#administration")));
    }

    [Fact]
    public async Task Who_is_logged_in_and_the_account_quota_stand_at_a_glance()
    {
        LogIn(await App.CreateActorAsync("ada@example.com", tokenLimit: 10_000_000));

        var layout = Render<MainLayout>();

        Assert.Contains("0 of 10M tokens used", layout.Find(".account-glance").TextContent, StringComparison.Ordinal);
        Assert.Equal("ada@example.com", layout.Find(".account-email").TextContent);
    }

    [Fact]
    public async Task The_glance_follows_the_use_and_the_quota_of_the_account_and_of_no_other()
    {
        var me = await App.CreateActorAsync(tokenLimit: 1_000_000);
        var key = (await App.CreateKeyAsync(me, "app")).Key;
        var theirs = (await App.CreateKeyAsync(await App.CreateActorAsync(), "theirs")).Key;
        LogIn(me);
        var glance = Render<AccountMenu>();

        await UseAccountAsync(me, 400_000);
        await App.UseKeyAsync(theirs.Id, 1);
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("0 of 1M tokens used", glance.Markup, StringComparison.Ordinal);
        await App.UseKeyAsync(key.Id, 400_000);
        glance.WaitForAssertion(() => Assert.Contains("400K of 1M tokens used", glance.Markup, StringComparison.Ordinal));

        App.Clock.Advance(TimeSpan.FromSeconds(1));
        var accounts = App.Services.GetRequiredService<AccountService>();
        await App.Services.GetRequiredService<AccountQuotas>().GrantAsync(Actor.Machine, (await accounts.GetAsync(me, Cancellation)).Email, 1_000_000, Cancellation);
        glance.WaitForAssertion(() => Assert.Contains("400K of 2M tokens used", glance.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Logging_out_is_a_form_that_posts()
    {
        await LogInAsync();

        var form = Render<MainLayout>().Find("form");

        Assert.Equal(("post", "account/logout"), (form.GetAttribute("method"), form.GetAttribute("action")));
        Assert.Equal("Log out", form.QuerySelector("button[type=submit]")!.TextContent);
        Assert.NotNull(form.QuerySelector("input[type=hidden][name=token]"));
    }

    [Fact]
    public async Task The_theme_that_was_chosen_is_shown_as_chosen()
    {
        await LogInAsync();
        Services.GetRequiredService<CurrentUser>().Theme = ThemeChoice.Dark;

        var page = Render<MainLayout>();

        Assert.Equal(
            [("light", "false"), ("dark", "true"), ("system", "false")],
            page.FindAll(".theme-switch button").Select(b => (b.GetAttribute("data-choose-theme")!, b.GetAttribute("aria-pressed")!)));
    }

    private async Task UseAccountAsync(Actor actor, long tokens)
    {
        await using var db = await App.Contexts.CreateDbContextAsync(Cancellation);
        await using var transaction = await db.BeginWriteAsync(Cancellation);
        await db.Users.Where(a => a.Id == actor.AccountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.UsedTokens, tokens), Cancellation);
        await transaction.CommitAsync(Cancellation);
    }

    private sealed class NoToken : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken GetAntiforgeryToken() => new("value", "token");
    }
}
