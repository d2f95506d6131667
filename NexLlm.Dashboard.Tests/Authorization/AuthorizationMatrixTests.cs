using System.Reflection;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Authorization;

public sealed class AuthorizationMatrixTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    /// <summary>What takes nobody who asks, because no person can ask for it, or because the link that is handed in is the proof.</summary>
    private static readonly string[] _withoutActor =
    [
        "AccountDirectory.FindAsync", "ChannelDirectory.ReloadAsync", "ChannelProvisioner.PrepareAsync", "ChargePruning.PruneAsync",
        "DeletedKeyPurge.PurgeAsync", "DemoData.FillAsync", "DemoData.HoldsRealKeysAsync", "FailedTries.TakeAsync", "FirstAdministrator.IsPendingAsync",
        "InvitationService.FindAsync", "KeyDirectory.FindAsync", "LedgerVerification.FindDriftAsync", "PasswordResets.FindAsync",
    ];

    public static TheoryData<string> Methods => [.. Operations.All.Select(o => o.Method)];

    [Fact]
    public void Every_operation_that_takes_who_acts_is_in_the_matrix()
    {
        var found =
            from type in typeof(Program).Assembly.GetTypes()
            where type is { IsPublic: true, IsClass: true } && type != typeof(Actor)
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            where !method.IsSpecialName && method.GetParameters() is [{ ParameterType: var first }, ..] && first == typeof(Actor)
            select $"{type.Name}.{method.Name}";

        Assert.Equal(found.Distinct().Order(StringComparer.Ordinal), Operations.All.Select(o => o.Method).Concat(Operations.ForVisitors).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_else_reaches_the_database_without_saying_who_asks()
    {
        var found =
            from type in typeof(Program).Assembly.GetTypes()
            where type is { IsPublic: true, IsClass: true } && type.GetConstructors().Any(c => c.GetParameters().Any(p => p.ParameterType == typeof(IDbContextFactory<NexLlmDbContext>)))
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            where method.Name.EndsWith("Async", StringComparison.Ordinal) && method.GetParameters().FirstOrDefault()?.ParameterType != typeof(Actor)
            select $"{type.Name}.{method.Name}";

        Assert.Equal(_withoutActor, found.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task An_operation_answers_each_kind_of_person_as_the_design_says(string method)
    {
        var operation = Operations.All.Single(o => o.Method == method);

        // Whoever gets nothing leaves the scene as it was, for the next who gets nothing.
        Scene? scene = null;
        foreach (var (expected, who) in new (Answer, Func<Scene, Task<Actor>>)[]
        {
            (operation.Other, _ => app.CreateActorAsync()),
            (operation.Administrator, _ => app.CreateActorAsync(administrator: true)),
            (operation.Owner, owned => Task.FromResult(owned.Owner)),
            (operation.Machine, _ => Task.FromResult(Actor.Machine)),
        }.OrderByDescending(p => p.Item1 is not Answer.Done))
        {
            scene ??= await Scene.CreateAsync(app);
            Assert.Equal(expected, await AskAsync(operation, scene, who));
            if (expected is Answer.Done)
            {
                await scene.DisposeAsync();
                scene = null;
            }
        }

        await (scene?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task An_operation_is_denied_to_whoever_has_no_live_login_of_an_active_account(string method)
    {
        var operation = Operations.All.Single(o => o.Method == method);

        await using var scene = await Scene.CreateAsync(app);
        foreach (var spoil in (Func<Scene, Task<Actor>>[])[AnonymousAsync, NowhereAsync, ForeignSessionAsync, LoggedOutAsync, ExpiredAsync, DisabledAsync])
        {
            Assert.Equal(Answer.Denied, await AskAsync(operation, scene, spoil));
        }
    }

    private async Task<Answer> AskAsync(Operation operation, Scene scene, Func<Scene, Task<Actor>> who)
    {
        var actor = await who(scene);
        var before = await CountEventsAsync();
        Answer answer;
        try
        {
            answer = await operation.Ask(scene, actor);
        }
        catch (AccessDeniedException)
        {
            answer = Answer.Denied;
        }

        if (answer is not Answer.Done)
        {
            Assert.Equal(before, await CountEventsAsync());
        }

        return answer;
    }

    private async Task<int> CountEventsAsync()
    {
        await using var db = await app.Contexts.CreateDbContextAsync();
        return await db.Set<AuditEvent>().CountAsync();
    }

    private static Task<Actor> AnonymousAsync(Scene scene) => Task.FromResult(Actor.Visitor(scene.Owner.Address));

    /// <summary>A visitor of whom nothing at all is known, as close to the command line as a browser gets.</summary>
    private static Task<Actor> NowhereAsync(Scene scene) => Task.FromResult(Actor.Visitor(address: null));

    /// <summary>Somebody else's live session with the owner's account id.</summary>
    private async Task<Actor> ForeignSessionAsync(Scene scene) => (await app.CreateActorAsync()) with { AccountId = scene.Owner.AccountId };

    private async Task<Actor> DisabledAsync(Scene scene)
    {
        await using var db = await app.Contexts.CreateDbContextAsync();
        (await db.Users.SingleAsync(a => a.Id == scene.Owner.AccountId)).DisabledAt = app.Clock.GetUtcNow();
        await db.SaveChangesAsync();
        return scene.Owner;
    }

    private Task<Actor> LoggedOutAsync(Scene scene) => OtherSessionAsync(scene, session => session.EndedAt = app.Clock.GetUtcNow());

    private Task<Actor> ExpiredAsync(Scene scene) => OtherSessionAsync(scene, session => session.ExpiresAt = app.Clock.GetUtcNow());

    /// <summary>Another login of the owner, which differs from the live one only by the change.</summary>
    private async Task<Actor> OtherSessionAsync(Scene scene, Action<LoginSession> change)
    {
        await using var db = await app.Contexts.CreateDbContextAsync();
        var session = await db.Set<LoginSession>().AsNoTracking().SingleAsync(s => s.Id == scene.Owner.SessionId);
        change(session);
        var added = db.Entry(session);
        added.Property(s => s.Id).CurrentValue = Guid.NewGuid();
        added.State = EntityState.Added;
        await db.SaveChangesAsync();
        return scene.Owner with { SessionId = session.Id };
    }
}
