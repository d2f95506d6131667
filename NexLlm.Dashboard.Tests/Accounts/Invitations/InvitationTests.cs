using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.Invitations;

public sealed class InvitationTests
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_link_makes_the_account_that_was_chosen_also_where_sign_up_is_closed_and_whatever_else_the_form_sends()
    {
        await using var app = new NexLlmApp { Settings = { ["Accounts:SignUp"] = "Closed" } };
        var invited = await InviteAsync(app, "Ada@example.com", 5_000);
        using var visitor = new AccountVisitor(app);
        var path = $"/account/invitation?token={invited.Link.Token}";
        var page = await visitor.ReadAsync(path);
        Assert.Contains("Ada@example.com", page, StringComparison.Ordinal);
        Assert.Contains("5,000 tokens", page, StringComparison.Ordinal);

        var weak = await visitor.SubmitAsync(path, "set-password", ("Entry.Password", "short"));
        var done = await visitor.SubmitAsync(
            path, "set-password", ("Entry.Password", AccountVisitor.Password), ("Entry.Email", "mallory@example.com"), ("Entry.TokenLimit", "999999999"));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Redirect), (weak.StatusCode, done.StatusCode));
        var own = await visitor.ReadAsync("/account");
        Assert.Contains("Ada@example.com", own, StringComparison.Ordinal);
        Assert.Contains("Member", own, StringComparison.Ordinal);
        Assert.DoesNotContain("Administrator", own, StringComparison.Ordinal);
        Assert.Contains("<strong>5,000</strong> tokens used", own, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await visitor.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Of_50_who_use_one_link_at_once_one_gets_the_account()
    {
        await using var app = new NexLlmApp();
        var invited = await InviteAsync(app, "ada@example.com", null);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Service(app).AcceptAsync(
            Actor.Visitor(new IPAddress([10, 0, 0, (byte)i])), invited.Link.Token, AccountVisitor.Password, "Mozilla/5.0", _cancellation)));

        Assert.Single(outcomes.OfType<NewAccountOutcome.Created>());
        Assert.Equal(49, outcomes.OfType<NewAccountOutcome.LinkRefused>().Count());
    }

    [Fact]
    public async Task A_link_that_is_wrong_replaced_withdrawn_or_7_days_old_is_refused_in_the_same_words()
    {
        await using var app = new NexLlmApp();
        var root = await app.CreateActorAsync(administrator: true);
        var replaced = await InviteAsync(app, "ada@example.com", 1, root);
        var last = await InviteAsync(app, "ADA@example.com", 1, root);
        var withdrawn = await InviteAsync(app, "bob@example.com", 1, root);
        var pending = await Service(app).ListAsync(root, _cancellation);
        Assert.Equal(["ADA@example.com", "bob@example.com"], pending.Select(i => i.Email));
        Assert.True(await Service(app).WithdrawAsync(root, pending[1].Id, _cancellation));
        Assert.False(await Service(app).WithdrawAsync(root, pending[1].Id, _cancellation));

        List<string> pages = [];
        foreach (var wrong in new[] { "", "x", replaced.Link.Token, withdrawn.Link.Token, last.Link.Token + "A", last.Link.Token[..^1] })
        {
            await IsRefusedAsync(wrong);
        }

        using var visitor = new AccountVisitor(app);
        app.Clock.Advance(InvitationService.LinkLifetime - TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync($"/account/invitation?token={last.Link.Token}")).StatusCode);
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await IsRefusedAsync(last.Link.Token);
        Assert.Single(pages.Distinct());

        async Task IsRefusedAsync(string token)
        {
            Assert.IsType<NewAccountOutcome.LinkRefused>(await Service(app).AcceptAsync(Actor.Visitor(null), token, AccountVisitor.Password, null, _cancellation));
            using var browser = new AccountVisitor(app);
            var answer = await browser.GetAsync($"/account/invitation?token={token}");
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            pages.Add(AccountVisitor.WithoutTokens(await answer.Content.ReadAsStringAsync(_cancellation)));
        }
    }

    [Fact]
    public async Task Nobody_is_invited_to_an_account_that_exists_and_an_address_has_to_be_one()
    {
        await using var app = new NexLlmApp();
        var root = await app.CreateActorAsync("root@example.com", administrator: true);

        foreach (var email in new[] { "ROOT@example.com", "no address", "", null })
        {
            Assert.IsType<InviteOutcome.Invalid>(await Service(app).InviteAsync(root, email, 1, _cancellation));
        }

        Assert.IsType<InviteOutcome.Invalid>(await Service(app).InviteAsync(root, "ada@example.com", -1, _cancellation));
        Assert.Empty(await app.AuditAsync());

        // Somebody signs up with the invited address first.
        var invited = await InviteAsync(app, "ada@example.com", 1, root);
        await app.SignUpAsync("ada@example.com");
        var outcome = await Service(app).AcceptAsync(Actor.Visitor(null), invited.Link.Token, "eleven purple teapots", null, _cancellation);
        Assert.NotNull(Assert.IsType<NewAccountOutcome.Invalid>(outcome).EmailError);
    }

    [Fact]
    public async Task A_browser_that_was_logged_in_gives_that_login_up_for_the_one_of_the_link()
    {
        await using var app = new NexLlmApp();
        var invited = await InviteAsync(app, "ada@example.com", 1);
        using var browser = new AccountVisitor(app);
        await browser.SignUpAsync("bob@example.com");
        var bob = (await app.AuditAsync()).Last(e => e.Action == AuditActions.AccountLoggedIn).OwnerId;

        await browser.SubmitAsync($"/account/invitation?token={invited.Link.Token}", "set-password", ("Entry.Password", AccountVisitor.Password));

        Assert.Contains("ada@example.com", await browser.ReadAsync("/account"), StringComparison.Ordinal);
        Assert.Single(await app.AuditAsync(), e => e.Action == AuditActions.AccountLoggedOut && e.OwnerId == bob);
        await using var db = await app.Contexts.CreateDbContextAsync(_cancellation);
        Assert.DoesNotContain(db.Set<LoginSession>(), s => s.AccountId == bob && s.EndedAt == null);
    }

    [Fact]
    public async Task Token_and_password_are_neither_stored_nor_logged_and_every_step_is_recorded()
    {
        await using var app = new NexLlmApp();
        var root = await app.CreateActorAsync(administrator: true);
        var invited = await InviteAsync(app, "ada@example.com", 7, root);
        Assert.DoesNotContain(invited.Link.Token, await app.StoredTextAsync(), StringComparison.Ordinal);
        using var visitor = new AccountVisitor(app);
        await visitor.SubmitAsync($"/account/invitation?token={invited.Link.Token}", "set-password", ("Entry.Password", AccountVisitor.Password));

        var stored = await app.StoredTextAsync();
        Assert.DoesNotContain(invited.Link.Token, stored, StringComparison.Ordinal);
        Assert.DoesNotContain(AccountVisitor.Password, stored, StringComparison.Ordinal);
        Assert.Contains("ada@example.com", stored, StringComparison.Ordinal);
        Assert.DoesNotContain(
            app.Logs.Lines, l => !l.Category.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) && l.Message.Contains(invited.Link.Token, StringComparison.Ordinal));
        Assert.DoesNotContain(AccountVisitor.Password, app.Logs.Text, StringComparison.Ordinal);
        var events = await app.AuditAsync();
        Assert.Equal([AuditActions.AccountInvited, AuditActions.AccountCreated, AuditActions.AccountLoggedIn], events.Select(e => e.Action));
        Assert.Equal(root.AccountId, events[0].ActorId);
    }

    private static InvitationService Service(NexLlmApp app) => app.Services.GetRequiredService<InvitationService>();

    private static async Task<InviteOutcome.Invited> InviteAsync(NexLlmApp app, string email, long? tokenLimit, Actor? root = null) =>
        Assert.IsType<InviteOutcome.Invited>(
            await Service(app).InviteAsync(root ?? await app.CreateActorAsync(administrator: true), email, tokenLimit, _cancellation));
}
