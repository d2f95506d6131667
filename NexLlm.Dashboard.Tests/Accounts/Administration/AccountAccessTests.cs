using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.Gateway;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.Administration;

public sealed class AccountAccessTests
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_disabled_account_is_refused_from_the_next_request_on_and_works_again_once_enabled()
    {
        await using var app = await GatewayApp.StartAsync();
        var root = await app.CreateActorAsync(administrator: true);
        using var caller = await app.CreateCallerAsync(accountLimit: null);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(caller));

        for (var round = 0; round < 20; round++)
        {
            Assert.Equal(AccessOutcome.Done, await Access(app).SetEnabledAsync(root, caller.Owner.AccountId!.Value, enabled: false, _cancellation));
            Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(caller));
            Assert.Equal(AccessOutcome.Done, await Access(app).SetEnabledAsync(root, caller.Owner.AccountId!.Value, enabled: true, _cancellation));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(caller));
        }
    }

    [Fact]
    public async Task Disabling_an_account_cuts_its_streams_within_a_second_and_charges_what_was_made()
    {
        await using var app = await GatewayApp.StartAsync();
        var root = await app.CreateActorAsync(administrator: true);
        var upstreamGone = new TaskCompletionSource();
        app.Upstream.Answer = async http =>
        {
            http.RequestAborted.Register(() => upstreamGone.TrySetResult());
            http.Response.ContentType = "text/event-stream";
            await http.SendEventAsync("""{"choices":[{"delta":{"content":"one two three"}}]}""");
            await upstreamGone.Task;
        };
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync(more: ",\"stream\":true");

        await Access(app).SetEnabledAsync(root, caller.Owner.AccountId!.Value, enabled: false, _cancellation);
        app.Clock.Advance(TimeSpan.FromSeconds(1));

        var text = await StreamTests.TextUntilBreakAsync(answer).WaitAsync(TimeSpan.FromSeconds(20), _cancellation);
        await upstreamGone.Task.WaitAsync(TimeSpan.FromSeconds(20), _cancellation);
        Assert.Contains("account_disabled", text, StringComparison.Ordinal);
        Assert.Equal(3, (await caller.SettledAsync()).OutputTokens);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disabling_and_signing_out_end_every_login_and_its_tabs(bool disable)
    {
        await using var app = new NexLlmApp();
        var root = await app.CreateActorAsync(administrator: true);
        using var here = new AccountVisitor(app);
        using var there = new AccountVisitor(app);
        await here.SignUpAsync("ada@example.com");
        await there.LogInAsync("ada@example.com");
        var id = (await app.Services.GetRequiredService<AccountList>().ListAsync(root, new AccountQuery("ada"), _cancellation)).Rows.Single().Id;
        List<Guid> ended = [];
        app.Services.GetRequiredService<LiveConnections>().Ended += ended.Add;

        var outcome = disable
            ? await Access(app).SetEnabledAsync(root, id, enabled: false, _cancellation)
            : await Access(app).SignOutAsync(root, id, _cancellation);

        Assert.Equal(AccessOutcome.Done, outcome);
        Assert.Equal(2, ended.Count);
        Assert.StartsWith("/account/login", AccountVisitor.Target(await here.GetAsync("/account")), StringComparison.Ordinal);
        Assert.StartsWith("/account/login", AccountVisitor.Target(await there.GetAsync("/account")), StringComparison.Ordinal);
        Assert.Equal(disable ? HttpStatusCode.Forbidden : HttpStatusCode.Redirect, (await here.LogInAsync("ada@example.com")).StatusCode);
    }

    [Fact]
    public async Task A_role_holds_from_the_next_operation_on_in_a_login_that_was_there_before()
    {
        await using var app = new NexLlmApp();
        var root = await app.CreateActorAsync(administrator: true);
        var ada = await app.CreateActorAsync();
        var theirs = await app.CreateKeyAsync(await app.CreateActorAsync(), "theirs");
        Assert.Null(await app.Keys.FindAsync(ada, theirs.Key.Id, _cancellation));

        Assert.Equal(AccessOutcome.Done, await Access(app).SetAdministratorAsync(root, ada.AccountId!.Value, administrator: true, _cancellation));
        Assert.NotNull(await app.Keys.FindAsync(ada, theirs.Key.Id, _cancellation));

        Assert.Equal(AccessOutcome.Done, await Access(app).SetAdministratorAsync(root, ada.AccountId!.Value, administrator: false, _cancellation));
        Assert.Null(await app.Keys.FindAsync(ada, theirs.Key.Id, _cancellation));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Access(app).SetAdministratorAsync(ada, ada.AccountId!.Value, administrator: true, _cancellation));
    }

    [Fact]
    public async Task The_last_active_administrator_stays_one_and_stays_enabled()
    {
        await using var app = new NexLlmApp();
        var root = await app.CreateActorAsync(administrator: true);
        var second = await app.CreateActorAsync(administrator: true);
        var (rootId, secondId) = (root.AccountId!.Value, second.AccountId!.Value);
        Assert.Equal(AccessOutcome.Done, await Access(app).SetEnabledAsync(root, secondId, enabled: false, _cancellation));

        // The other one still has the role, but is disabled and so of no help.
        Assert.Equal(AccessOutcome.LastAdministrator, await Access(app).SetAdministratorAsync(root, rootId, administrator: false, _cancellation));
        Assert.Equal(AccessOutcome.LastAdministrator, await Access(app).SetEnabledAsync(root, rootId, enabled: false, _cancellation));
        Assert.Equal(AccessOutcome.Done, await Access(app).SetAdministratorAsync(root, secondId, administrator: false, _cancellation));
        Assert.True((await app.Services.GetRequiredService<AccountService>().GetAsync(root, _cancellation)).IsAdministrator);
        Assert.Equal(
            [AuditActions.AccountDisabled, AuditActions.AccountAdministratorTaken], (await app.AuditAsync()).Select(e => e.Action));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_administrators_who_remove_each_other_at_once_one_remains(bool disable)
    {
        await using var app = new NexLlmApp();
        var access = Access(app);
        var survivor = await app.CreateActorAsync(administrator: true);
        for (var round = 0; round < 20; round++)
        {
            var (one, other) = (survivor, await app.CreateActorAsync(administrator: true));
            await Task.WhenAll(RemoveAsync(one, other), RemoveAsync(other, one), RemoveAsync(one, one), RemoveAsync(other, other));

            Assert.NotEqual(await IsAdministratorAsync(one), await IsAdministratorAsync(other));
            survivor = await IsAdministratorAsync(one) ? one : other;
        }

        // Whoever lost the role, or the login, meanwhile is denied.
        async Task RemoveAsync(Actor by, Actor whom)
        {
            try
            {
                await Task.Run(() => disable
                    ? access.SetEnabledAsync(by, whom.AccountId!.Value, enabled: false, _cancellation)
                    : access.SetAdministratorAsync(by, whom.AccountId!.Value, administrator: false, _cancellation));
            }
            catch (AccessDeniedException)
            {
            }
        }

        async Task<bool> IsAdministratorAsync(Actor actor)
        {
            try
            {
                return (await app.Services.GetRequiredService<AccountService>().GetAsync(actor, _cancellation)).IsAdministrator;
            }
            catch (AccessDeniedException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Everything_is_recorded_once_and_what_was_so_already_is_not()
    {
        await using var app = new NexLlmApp();
        var root = await app.CreateActorAsync(administrator: true);
        var id = (await app.CreateActorAsync()).AccountId!.Value;

        foreach (var twice in Enumerable.Range(0, 2))
        {
            await Access(app).SetAdministratorAsync(root, id, administrator: true, _cancellation);
        }

        foreach (var twice in Enumerable.Range(0, 2))
        {
            await Access(app).SetEnabledAsync(root, id, enabled: false, _cancellation);
        }

        await Access(app).SetEnabledAsync(root, id, enabled: true, _cancellation);
        await Access(app).SignOutAsync(root, id, _cancellation);
        await Access(app).SetAdministratorAsync(root, id, administrator: false, _cancellation);

        var events = await app.AuditAsync();
        Assert.Equal(
            [
                AuditActions.AccountMadeAdministrator, AuditActions.AccountDisabled, AuditActions.AccountEnabled, AuditActions.AccountSignedOut,
                AuditActions.AccountAdministratorTaken,
            ],
            events.Select(e => e.Action));
        Assert.All(events, e => Assert.Equal((root.AccountId, (long?)id), (e.ActorId, e.OwnerId)));
        Assert.Equal(AccessOutcome.UnknownAccount, await Access(app).SignOutAsync(root, long.MaxValue, _cancellation));
    }

    private static AccountAccess Access(NexLlmApp app) => app.Services.GetRequiredService<AccountAccess>();

    private static async Task<HttpStatusCode> AskAsync(Caller caller)
    {
        using var answer = await caller.ChatAsync();
        await answer.Content.ReadAsStringAsync(_cancellation);
        return answer.StatusCode;
    }
}
