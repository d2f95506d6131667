using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.Passwords;

public sealed class PasswordResetTests : IAsyncDisposable
{
    private const string New = "eleven purple teapots";

    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    private readonly NexLlmApp _app = new();

    private PasswordResets Resets => _app.Services.GetRequiredService<PasswordResets>();

    [Fact]
    public async Task The_link_sets_a_new_password_logs_this_browser_in_and_ends_every_other_login()
    {
        using var before = new AccountVisitor(_app);
        var (link, _) = await IssueAsync(before);
        using var visitor = new AccountVisitor(_app);
        var path = $"/account/reset?token={link.Token}";
        Assert.Contains("ada@example.com", await visitor.ReadAsync(path), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await before.GetAsync("/account")).StatusCode);

        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.SubmitAsync(path, "set-password", ("Entry.Password", "ada@example.com ada"))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SubmitAsync(path, "set-password", ("Entry.Password", New))).StatusCode);

        Assert.Contains("ada@example.com", await visitor.ReadAsync("/account"), StringComparison.Ordinal);
        Assert.StartsWith("/account/login", AccountVisitor.Target(await before.GetAsync("/account")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await before.LogInAsync("ada@example.com")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await before.LogInAsync("ada@example.com", New)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await visitor.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Of_50_who_use_one_link_at_once_one_sets_the_password()
    {
        using var ada = new AccountVisitor(_app);
        var (link, _) = await IssueAsync(ada);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            Resets.ResetAsync(Actor.Visitor(new IPAddress([10, 0, 0, (byte)i])), link.Token, $"{New} number {i}", null, _cancellation)));

        Assert.Single(outcomes.OfType<PasswordResetOutcome.Done>());
        Assert.Equal(49, outcomes.OfType<PasswordResetOutcome.LinkRefused>().Count());
    }

    [Fact]
    public async Task A_link_is_good_for_24_hours_and_until_another_one_or_another_password_takes_its_place()
    {
        using var ada = new AccountVisitor(_app);
        var (replaced, root) = await IssueAsync(ada);
        var id = await IdAsync(root);
        var link = await Resets.IssueAsync(root, id, _cancellation);
        await IsRefusedAsync(replaced.Token);
        _app.Clock.Advance(PasswordResets.LinkLifetime - TimeSpan.FromMilliseconds(1));
        Assert.Equal("ada@example.com", await Resets.FindAsync(link!.Token, _cancellation));
        _app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await IsRefusedAsync(link.Token);

        await _app.AuthenticateAnewAsync(root);
        link = await Resets.IssueAsync(root, id, _cancellation);
        await ada.SubmitAsync("/account/password", "change-password", ("Entry.Current", AccountVisitor.Password), ("Entry.New", New));
        await IsRefusedAsync(link!.Token);
        await IsRefusedAsync("");
        await IsRefusedAsync(null);
        Assert.Null(await Resets.IssueAsync(root, long.MaxValue, _cancellation));
    }

    [Fact]
    public async Task A_link_that_was_withdrawn_sets_nothing_and_that_is_recorded_once()
    {
        using var ada = new AccountVisitor(_app);
        var (link, root) = await IssueAsync(ada);
        var id = await IdAsync(root);
        var accounts = _app.Services.GetRequiredService<AccountList>();
        Assert.Equal(link.Until, (await accounts.FindAsync(root, id, _cancellation))!.ResetLinkUntil);

        Assert.True(await Resets.WithdrawAsync(root, id, _cancellation));
        Assert.False(await Resets.WithdrawAsync(root, id, _cancellation));

        await IsRefusedAsync(link.Token);
        Assert.Null((await accounts.FindAsync(root, id, _cancellation))!.ResetLinkUntil);
        Assert.Single(await _app.AuditAsync(), e => e.Action == AuditActions.AccountResetLinkWithdrawn && e.ActorId == root.AccountId && e.OwnerId == id);
    }

    [Fact]
    public async Task A_disabled_account_s_link_lets_nobody_in()
    {
        using var ada = new AccountVisitor(_app);
        var (link, root) = await IssueAsync(ada);
        await _app.Services.GetRequiredService<AccountAccess>().SetEnabledAsync(root, await IdAsync(root), enabled: false, _cancellation);

        await IsRefusedAsync(link.Token);
    }

    [Fact]
    public async Task Who_guessed_away_the_tries_cannot_keep_the_owner_out_and_guessing_links_is_slow()
    {
        using var ada = new AccountVisitor(_app);
        var (link, _) = await IssueAsync(ada);
        var tries = _app.Services.GetRequiredService<FailedTries>();
        while ((await tries.TakeAsync(FailedTries.ByEmail("ada@example.com"), LogInService.StrangersTries, _cancellation)).Id is not null)
        {
        }

        Assert.IsType<PasswordResetOutcome.Done>(await Resets.ResetAsync(Actor.Visitor(IPAddress.Loopback), link.Token, New, null, _cancellation));

        var guesser = Actor.Visitor(new IPAddress([203, 0, 113, 9]));
        var outcomes = new List<PasswordResetOutcome>();
        for (var guess = 0; guess < 1_000; guess++)
        {
            outcomes.Add(await Resets.ResetAsync(guesser, $"guess-{guess}", New, null, _cancellation));
        }

        Assert.Equal(AddressAllowance.OneTimeLink.Burst, outcomes.OfType<PasswordResetOutcome.LinkRefused>().Count());
        Assert.Equal(1_000 - AddressAllowance.OneTimeLink.Burst, outcomes.OfType<PasswordResetOutcome.TooMany>().Count());
    }

    [Fact]
    public async Task Token_and_password_are_neither_stored_nor_logged_and_every_step_is_recorded()
    {
        using var ada = new AccountVisitor(_app);
        var (link, root) = await IssueAsync(ada);
        Assert.DoesNotContain(link.Token, await _app.StoredTextAsync(), StringComparison.Ordinal);
        await ada.SubmitAsync($"/account/reset?token={link.Token}", "set-password", ("Entry.Password", New));

        var stored = await _app.StoredTextAsync();
        Assert.DoesNotContain(link.Token, stored, StringComparison.Ordinal);
        Assert.DoesNotContain(New, stored, StringComparison.Ordinal);
        Assert.DoesNotContain(
            _app.Logs.Lines, l => !l.Category.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) && l.Message.Contains(link.Token, StringComparison.Ordinal));
        var events = (await _app.AuditAsync()).Skip(2).ToList();
        Assert.Equal([AuditActions.AccountResetLinkIssued, AuditActions.AccountPasswordReset, AuditActions.AccountLoggedIn], events.Select(e => e.Action));
        Assert.Equal((root.AccountId, (long?)null), (events[0].ActorId, events[1].ActorId));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>A link for Ada, who signed up in this browser, and the administrator who made it.</summary>
    private async Task<(IssuedLink Link, Actor Root)> IssueAsync(AccountVisitor ada)
    {
        await ada.SignUpAsync("ada@example.com");
        var root = await _app.CreateActorAsync(administrator: true);
        return ((await Resets.IssueAsync(root, await IdAsync(root), _cancellation))!, root);
    }

    private async Task<long> IdAsync(Actor root) =>
        (await _app.Services.GetRequiredService<AccountList>().ListAsync(root, new AccountQuery("ada@example.com"), _cancellation)).Rows.Single().Id;

    private async Task IsRefusedAsync(string? token)
    {
        Assert.Null(await Resets.FindAsync(token, _cancellation));
        Assert.IsType<PasswordResetOutcome.LinkRefused>(await Resets.ResetAsync(Actor.Visitor(null), token, New, null, _cancellation));
    }
}
