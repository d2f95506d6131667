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

        Assert.Equal(operation.Other, await AskAsync(operation, _ => app.CreateActorAsync()));
        Assert.Equal(operation.Administrator, await AskAsync(operation, _ => app.CreateActorAsync(administrator: true)));
        Assert.Equal(operation.Owner, await AskAsync(operation, scene => Task.FromResult(scene.Owner)));
        Assert.Equal(operation.Machine, await AskAsync(operation, _ => Task.FromResult(Actor.Machine)));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task An_operation_is_denied_to_whoever_has_no_live_login_of_an_active_account(string method)
    {
        var operation = Operations.All.Single(o => o.Method == method);

        foreach (var spoil in (Func<Scene, Task<Actor>>[])[AnonymousAsync, NowhereAsync, ForeignSessionAsync, DisabledAsync, LoggedOutAsync, ExpiredAsync])
        {
            Assert.Equal(Answer.Denied, await AskAsync(operation, spoil));
        }
    }

    private async Task<Answer> AskAsync(Operation operation, Func<Scene, Task<Actor>> who)
    {
        await using var scene = await Scene.CreateAsync(app);
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

    private Task<Actor> LoggedOutAsync(Scene scene) => ChangeSessionAsync(scene, session => session.EndedAt = app.Clock.GetUtcNow());

    private Task<Actor> ExpiredAsync(Scene scene) => ChangeSessionAsync(scene, session => session.ExpiresAt = app.Clock.GetUtcNow());

    private async Task<Actor> ChangeSessionAsync(Scene scene, Action<LoginSession> change)
    {
        await using var db = await app.Contexts.CreateDbContextAsync();
        change(await db.Set<LoginSession>().SingleAsync(s => s.Id == scene.Owner.SessionId));
        await db.SaveChangesAsync();
        return scene.Owner;
    }
}
