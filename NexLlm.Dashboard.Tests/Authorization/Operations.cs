using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Backups;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Keys.Page;
using NexLlm.Dashboard.Components.Search;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Tests.Authorization;

/// <summary>What somebody gets who asks for an operation on a thing of the owner's.</summary>
public enum Answer
{
    /// <summary>AccessDeniedException: may not act at all.</summary>
    Denied,

    /// <summary>As if there were no such thing; nothing changed.</summary>
    Nothing,

    /// <summary>It was done, or shown.</summary>
    Done,
}

/// <summary>An operation of a service, how to ask for it, and what three kinds of people get.</summary>
/// <param name="Method"><c>Service.Method</c>.</param>
/// <param name="Ask">Asks for it, on the owner's things, and tells what came of it.</param>
public sealed record Operation(string Method, Answer Owner, Answer Other, Answer Administrator, Func<Scene, Actor, Task<Answer>> Ask)
{
    /// <summary>What the command line gets.</summary>
    public Answer Machine { get; init; } = Answer.Denied;

    /// <summary>What it lays out for itself and finds there if it is done already, for whoever looks at what it changes; null if nothing.</summary>
    public Func<Scene, Task>? Arrange { get; init; }

    public override string ToString() => Method;
}

/// <summary>An owner with one live and one deleted key, and a passkey; and a channel and a group that no key uses.</summary>
public sealed record Scene(
    NexLlmApp App, Actor Owner, CreateOutcome.Created Live, CreateOutcome.Created Deleted, long GroupId, Guid LiveRequestId, ChannelDetails Channel, GroupDetails Group)
    : IAsyncDisposable
{
    private bool _isLiveKeyUsed;

    /// <summary>The owner's, which has a passkey.</summary>
    public required PasskeyBrowser Browser { get; init; }

    /// <summary>The passkey's id.</summary>
    public required string PasskeyId { get; init; }

    /// <param name="method">How its people logged in.</param>
    public static async Task<Scene> CreateAsync(NexLlmApp app, LogInMethod method = LogInMethod.Password)
    {
        var owner = await app.CreateActorAsync(method: method);
        var requestId = Guid.NewGuid();
        var live = await app.CreateKeyAsync(owner, "live", requestId: requestId);
        var deleted = await app.CreateKeyAsync(owner, "deleted");
        await app.Keys.DeleteAsync(owner, [deleted.Key.Id]);
        var administrator = await app.CreateActorAsync(administrator: true, method: method);
        var browser = new PasskeyBrowser(app);
        var passkey = await PasskeyOperations.GiveAsync(app, owner, browser);
        return new Scene(
            app, owner, live, deleted, await app.DefaultGroupAsync(), requestId,
            await app.CreateChannelAsync(administrator), await app.CreateGroupAsync(administrator))
        { Browser = browser, PasskeyId = passkey };
    }

    /// <summary>Takes the channel and the group away, past those who may: a thousand scenes' channels would be read at every change of one.</summary>
    public async ValueTask DisposeAsync()
    {
        await using var db = await App.Contexts.CreateDbContextAsync();
        var now = App.Clock.GetUtcNow();
        await db.Set<Channel>().Where(c => c.Id == Channel.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.DeletedAt, now));
        await db.Set<ChannelGroup>().Where(g => g.Id == Group.Id).ExecuteUpdateAsync(set => set.SetProperty(g => g.DeletedAt, now));
    }

    /// <summary>Whether somebody's login was ended.</summary>
    public async Task<bool> IsEndedAsync(Actor actor)
    {
        await using var db = await App.Contexts.CreateDbContextAsync();
        return await db.Set<LoginSession>().AnyAsync(s => s.Id == actor.SessionId && s.EndedAt != null);
    }

    public async Task<bool> IsAdministratorAsync(Actor actor)
    {
        await using var db = await App.Contexts.CreateDbContextAsync();
        return await db.UserRoles.AnyAsync(r => r.UserId == actor.AccountId);
    }

    /// <summary>Makes the live key one that was used once, is old enough to have a pace, and has little left.</summary>
    public async Task<long> UseLiveKeyAsync()
    {
        if (_isLiveKeyUsed)
        {
            return Live.Key.Id;
        }

        _isLiveKeyUsed = true;
        await App.ImportAsync(TestUsage.Charge(Live.Key, App.Clock.GetUtcNow().AddHours(-1)));
        await using var db = await App.Contexts.CreateDbContextAsync();
        var before = App.Clock.GetUtcNow().AddDays(-3);
        await db.Set<ApiKey>().Where(k => k.Id == Live.Key.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.CreatedAt, before).SetProperty(k => k.TokenLimit, 16));
        return Live.Key.Id;
    }

    public T Service<T>()
        where T : notnull => App.Services.GetRequiredService<T>();
}

/// <summary>Every operation that takes who acts. A test finds by reflection whether one is missing.</summary>
public static partial class Operations
{
    private const Answer Nothing = Answer.Nothing;
    private const Answer Done = Answer.Done;

    /// <summary>What people do who are not logged in yet. Each has its own proof: a password, a link, or open sign-up.</summary>
    public static IReadOnlyList<string> ForVisitors { get; } =
    [
        "BackChannelLogOut.EndAsync", "BreakGlassLinks.EnterAsync", "FirstAdministrator.SetUpAsync", "InvitationService.AcceptAsync", "LogInService.LogInAsync",
        "PasskeyLogIn.BeginAsync", "PasskeyLogIn.LogInAsync", "PasswordResets.ResetAsync", "SecondFactorService.FindAsync", "SecondFactorService.VerifyAsync",
        "SignUpService.SignUpAsync", "SingleSignOnService.LogInAsync",
    ];

    public static IReadOnlyList<Operation> All { get; } =
        [
            .. Keys(), .. Catalog(), .. ChannelsAndGroups(), .. Accounts(), .. FactorOperations.All, .. PasskeyOperations.All, .. AdministrationOperations.All,
            .. SingleSignOnOperations.All(), .. Usage(), .. LogOperations.All(), .. Backups(),
        ];

    private static IEnumerable<Operation> Keys()
    {
        yield return new("KeyPolicyService.ListAsync", Done, Nothing, Nothing, async (scene, actor) =>
            Any((await scene.App.Keys.ListAsync(actor, new KeyQuery())).Keys.Any(k => k.Id == scene.Live.Key.Id)));
        yield return new("KeyPolicyService.CountAsync", Done, Nothing, Nothing, async (scene, actor) =>
            Any((await scene.App.Keys.CountAsync(actor, null))[KeyFilter.All] > 0));
        yield return new("KeyPolicyService.FindAsync", Done, Nothing, Done, async (scene, actor) =>
            Any(await scene.App.Keys.FindAsync(actor, scene.Live.Key.Id) is not null));
        yield return new("KeyPolicyService.FindManyAsync", Done, Nothing, Done, async (scene, actor) =>
            Any(await scene.App.Keys.FindManyAsync(actor, [scene.Live.Key.Id, scene.Deleted.Key.Id]) is [var only] && only.Id == scene.Live.Key.Id));
        yield return new("KeyPolicyService.FindForReplacementAsync", Done, Nothing, Nothing, async (scene, actor) =>
            Any(await scene.App.Keys.FindForReplacementAsync(actor, scene.Deleted.Key.Id) is not null));
        yield return new("KeyPolicyService.FindCreatedAsync", Done, Nothing, Nothing, async (scene, actor) =>
            Any(await scene.App.Keys.FindCreatedAsync(actor, scene.LiveRequestId) is not null));
        yield return new("KeyPolicyService.IsNameFreeAsync", Done, Nothing, Nothing, async (scene, actor) =>
            Any(!await scene.App.Keys.IsNameFreeAsync(actor, "live")));
        yield return new("KeyPolicyService.RecogniseAsync", Done, Nothing, Done, async (scene, actor) =>
            Any(await scene.App.Keys.RecogniseAsync(actor, scene.Live.Secret.Reveal()) is not null));
        yield return new("KeyPolicyService.NamesAsync", Done, Nothing, Done, async (scene, actor) =>
            Any((await scene.App.Keys.NamesAsync(actor, [scene.Live.Key.Id, scene.Deleted.Key.Id])).Count == 2));
        yield return new("KeyPolicyService.ListMostUsedAsync", Done, Nothing, Nothing, async (scene, actor) =>
        {
            await scene.App.UseKeyAsync(scene.Live.Key.Id, 1);
            return Any((await scene.App.Keys.ListMostUsedAsync(actor, 5)).Any(k => k.Id == scene.Live.Key.Id));
        });
        yield return new("QuickSearch.FindAsync", Done, Nothing, Nothing, async (scene, actor) =>
            Any((await scene.Service<QuickSearch>().FindAsync(actor, "live")).Keys.Any(k => k.Id == scene.Live.Key.Id)));
        yield return new("CommandSearch.FindAsync", Done, Nothing, Done, async (scene, actor) =>
            Any((await scene.Service<CommandSearch>().FindAsync(actor, scene.Live.Secret.Reveal())).Any(hit => hit.Kind is SearchKind.Key)));
        yield return new("KeyPolicyService.ListDeletedAsync", Done, Nothing, Nothing, async (scene, actor) =>
            Any((await scene.App.Keys.ListDeletedAsync(actor)).Any(k => k.Id == scene.Deleted.Key.Id)));
        yield return new("KeyPolicyService.CreateAsync", Done, Done, Done, async (scene, actor) =>
        {
            var created = await scene.App.Keys.CreateAsync(actor, new CreateKey(Guid.NewGuid(), "new", KeyPolicy.Unrestricted(scene.GroupId)));
            Assert.Equal(actor.AccountId, Assert.IsType<CreateOutcome.Created>(created).Key.OwnerId);
            return Done;
        });
        yield return new("KeyPolicyService.EditAsync", Done, Nothing, Nothing, async (scene, actor) =>
            await scene.App.Keys.EditAsync(actor, new EditKey(scene.Live.Key.Id, scene.Live.Key.Version, Name: "edited")) switch
            {
                EditOutcome.Saved => Done,
                EditOutcome.NotFound => Nothing,
                var other => throw new InvalidOperationException($"{other}"),
            });
        yield return new("KeyPolicyService.SetEnabledAsync", Done, Nothing, Done, async (scene, actor) =>
            Any(await scene.App.Keys.SetEnabledAsync(actor, [scene.Live.Key.Id], enabled: false) == 1));
        yield return new("KeyPolicyService.DeleteAsync", Done, Nothing, Done, async (scene, actor) =>
            Any(await scene.App.Keys.DeleteAsync(actor, [scene.Live.Key.Id]) == 1));
        yield return new("KeyPolicyService.RestoreAsync", Done, Nothing, Nothing, async (scene, actor) =>
            Any((await scene.App.Keys.RestoreAsync(actor, [scene.Deleted.Key.Id])).Restored is not []));
    }

    private static IEnumerable<Operation> Catalog()
    {
        yield return new("ChannelCatalog.ListGroupsAsync", Done, Done, Done, async (scene, actor) =>
            Any(await scene.Service<ChannelCatalog>().ListGroupsAsync(actor) is not []));
        yield return new("ModelCatalog.ListAsync", Done, Done, Done, async (scene, actor) =>
            Any(await scene.Service<ModelCatalog>().ListAsync(actor) is not []));
    }

    /// <summary>Everybody else is denied, whatever there is.</summary>
    private static Operation ForAdministrators(string method, Func<Scene, Actor, Task<Answer>> ask) => new(method, Answer.Denied, Answer.Denied, Done, ask);

    private static IEnumerable<Operation> Accounts()
    {
        yield return new("AccountService.GetAsync", Done, Nothing, Nothing, async (scene, actor) =>
            Any((await scene.Service<AccountService>().GetAsync(actor)).Id == scene.Owner.AccountId));
        yield return new("AccountService.ChangePasswordAsync", Done, Done, Done, async (scene, actor) =>
        {
            // Whoever asks has no password yet, so that getting as far as its check is the answer.
            var outcome = await scene.Service<AccountService>().ChangePasswordAsync(actor, "not the current one", "seven green umbrellas dance");
            return Any(outcome is PasswordOutcome.Invalid { CurrentError: not null });
        });
        yield return new("AccountService.SetPasswordAsync", Answer.Denied, Answer.Denied, Answer.Denied, async (scene, actor) =>
        {
            var owner = await scene.Service<AccountService>().GetAsync(scene.Owner);
            return Any(await scene.Service<AccountService>().SetPasswordAsync(actor, owner.Email, "eleven purple teapots") is SetPasswordOutcome.Done);
        })
        { Machine = Done };
        yield return new("SessionService.ListAsync", Done, Nothing, Nothing, async (scene, actor) =>
            Any((await scene.Service<SessionService>().ListAsync(actor)).Any(l => l.Id == scene.Owner.SessionId)));
        yield return new("SessionService.RevokeAsync", Done, Nothing, Nothing, async (scene, actor) =>
            Any(await scene.Service<SessionService>().RevokeAsync(actor, scene.Owner.SessionId)));
        yield return new("SessionService.RevokeOthersAsync", Nothing, Nothing, Nothing, async (scene, actor) =>
            Any(await scene.Service<SessionService>().RevokeOthersAsync(actor) > 0));
        yield return new("SessionService.LogOutAsync", Done, Done, Done, async (scene, actor) =>
        {
            await scene.Service<SessionService>().LogOutAsync(actor);
            Assert.True(await scene.IsEndedAsync(actor));
            Assert.Equal(actor == scene.Owner, await scene.IsEndedAsync(scene.Owner));
            return Done;
        });
    }

    private static IEnumerable<Operation> Usage()
    {
        yield return new("RequestExplainer.ExplainAsync", Done, Nothing, Done, async (scene, actor) =>
            Any(await scene.Service<RequestExplainer>().ExplainAsync(actor, scene.Live.Key.Id, new ImaginedRequest("nexllm-echo", null, 1, scene.App.Clock.GetUtcNow())) is not null));
        yield return new("UsageStatistics.ForAsync", Done, Nothing, Done, async (scene, actor) =>
        {
            var key = new UsageScope.OfKey(await scene.UseLiveKeyAsync());
            return Any((await scene.Service<UsageStatistics>().ForAsync(actor, new(key, new UsageRange.Last(7)), TimeZoneInfo.Utc))?.Total.Requests == 1);
        });
        yield return new("LastDayStatistics.ReadAsync", Done, Nothing, Done, async (scene, actor) =>
        {
            await scene.UseLiveKeyAsync();
            var scope = actor == scene.Owner || !await scene.IsAdministratorAsync(actor) ? (UsageScope)new UsageScope.Own() : new UsageScope.Everybody();
            return Any((await scene.Service<LastDayStatistics>().ReadAsync(actor, scope, TimeZoneInfo.Utc)).Total.Requests > 0);
        });
        yield return ForAdministrators("FirstSteps.ReadAsync", async (scene, actor) => Any((await scene.Service<FirstSteps>().ReadAsync(actor)).HasKey));
        yield return ForAdministrators("FirstSteps.DismissAsync", async (scene, actor) =>
        {
            await scene.Service<FirstSteps>().DismissAsync(actor);
            return Done;
        });
        yield return ForAdministrators("FirstSteps.ShowAgainAsync", async (scene, actor) =>
        {
            await scene.Service<FirstSteps>().ShowAgainAsync(actor);
            return Done;
        });
        yield return new("UsageForecast.ListAsync", Done, Nothing, Done, async (scene, actor) =>
        {
            await scene.UseLiveKeyAsync();
            return Any((await scene.Service<UsageForecast>().ListAsync(actor)).Any(r => r.KeyId is not null));
        });
        yield return new("UsageForecast.OfKeyAsync", Done, Nothing, Done, async (scene, actor) =>
            Any(await scene.Service<UsageForecast>().OfKeyAsync(actor, await scene.UseLiveKeyAsync()) is not null));
        yield return new("KeyFactsReader.ReadAsync", Done, Nothing, Done, async (scene, actor) =>
            Any(await scene.Service<KeyFactsReader>().ReadAsync(actor, scene.Live.Key.Id, new UsageRange.Last(7), UsageStep.Day, TimeZoneInfo.Utc) is not null));
    }

    private static IEnumerable<Operation> Backups()
    {
        yield return new("BackupHistory.LastAsync", Answer.Denied, Answer.Denied, Done, async (scene, actor) =>
        {
            await scene.Service<BackupHistory>().LastAsync(actor);
            return Done;
        });
    }

    private static Answer Any(bool done) => done ? Done : Nothing;
}
