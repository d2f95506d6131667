using System.Data.Common;
using System.Net;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Tests.Accounts;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Authorization;

/// <summary>
/// Whatever an operation changes it records, and in the same transaction: where nothing can be recorded, nothing is changed. Of every
/// operation of the matrix, and of what people do who are not logged in yet.
/// </summary>
public sealed class RecordedOperationsTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    /// <summary>What is no decision about anything: the ledger's rows and counters, tries that were counted, what a person hides on the own screen, and the record itself.</summary>
    private static readonly string[] _noDecisions =
        ["AspNetUserTokens", "AuditEvents", "Charges", "DataProtectionKeys", "FailedTries", "KeyUsage", "LedgerState", "ModelUsage", "UsageQuarters", "UsedTokens", "LastUsedAt"];

    private static readonly string[] _changing =
        [
            "Add", "Change", "Confirm", "Create", "Delete", "Disconnect", "Edit", "Grant", "Invite", "Issue", "LogOut", "Remove", "Rename", "Renew", "Reset", "Restore", "Revoke",
            "Set", "SignOut", "Turn", "Update", "Withdraw",
        ];

    /// <summary>The matrix asks for these with a wrong password, and with no other login to end.</summary>
    private static readonly string[] _onlyRefusedHere = ["AccountService.ChangePasswordAsync", "SessionService.RevokeOthersAsync"];

    private static readonly string _breakRecord = TestEngine.IsPostgres
        ? """
          CREATE FUNCTION nothing_is_recorded() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''nothing is recorded''; END';
          CREATE TRIGGER nothing_is_recorded BEFORE INSERT ON AuditEvents FOR EACH ROW EXECUTE FUNCTION nothing_is_recorded()
          """
        : "CREATE TRIGGER NothingIsRecorded BEFORE INSERT ON AuditEvents BEGIN SELECT RAISE(ABORT, 'nothing is recorded'); END";

    private static readonly string _mendRecord = TestEngine.IsPostgres ? "DROP FUNCTION nothing_is_recorded CASCADE" : "DROP TRIGGER NothingIsRecorded";

    private static long _visitors;
    private static Task<string>? _passwordHash;

    public static TheoryData<string> Methods => [.. Operations.All.Select(o => o.Method)];

    public static TheoryData<string> Visits => [.. _visits.Keys];

    private static readonly Dictionary<string, Func<Scene, Task>> _visits = new()
    {
        ["SignUpService.SignUpAsync"] = scene => scene.Service<SignUpService>().SignUpAsync(
            SomeVisitor(), new NewAccount($"{Guid.NewGuid():N}@example.com", AccountVisitor.Password)),
        ["LogInService.LogInAsync"] = async scene =>
        {
            var email = await scene.EmailAsync();
            await scene.Service<LogInService>().LogInAsync(SomeVisitor(), new LogInRequest(email, AccountVisitor.Password));
        },
        ["LogInService.LogInAsync, refused"] = async scene =>
        {
            var email = await scene.EmailAsync();
            await scene.Service<LogInService>().LogInAsync(SomeVisitor(), new LogInRequest(email, "a wrong password of theirs"));
        },
        ["SecondFactorService.VerifyAsync"] = async scene =>
        {
            var authenticator = await FactorOperations.ArrangeTwoStepAsync(scene, scene.Owner);
            await scene.Service<SecondFactorService>().VerifyAsync(
                SomeVisitor(), new SecondFactorRequest(await FactorOperations.StampedAsync(scene), authenticator.Code));
        },
        ["SecondFactorService.VerifyAsync, refused"] = async scene =>
        {
            await FactorOperations.ArrangeTwoStepAsync(scene, scene.Owner);
            await scene.Service<SecondFactorService>().VerifyAsync(SomeVisitor(), new SecondFactorRequest(await FactorOperations.StampedAsync(scene), "no code"));
        },
        ["PasskeyLogIn.LogInAsync"] = scene => scene.Browser.LogInAsync(SomeVisitor()),
        ["PasskeyLogIn.LogInAsync, refused"] = scene => scene.Browser.FinishLogInAsync(SomeVisitor(), "{}"),
        ["InvitationService.AcceptAsync"] = scene => scene.Service<InvitationService>().AcceptAsync(
            SomeVisitor(), AdministrationOperations.Token(scene), AccountVisitor.Password, null),
        ["PasswordResets.ResetAsync"] = scene => scene.Service<PasswordResets>().ResetAsync(
            SomeVisitor(), AdministrationOperations.Token(scene), "eleven purple teapots", null),
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task What_an_operation_changes_it_records_or_does_not_change(string method)
    {
        var operation = Operations.All.Single(o => o.Method == method);

        var records = await HoldsAsync(async scene => await operation.Ask(scene, await WhoMayAsync(operation, scene)), operation.Arrange);

        // What is named after a change is asked here in a way that it makes one, or this test would see to nothing.
        var names = method.Split('.')[1];
        Assert.Equal(_changing.Any(verb => names.StartsWith(verb, StringComparison.Ordinal)) && !_onlyRefusedHere.Contains(method), records);
    }

    [Theory]
    [MemberData(nameof(Visits))]
    public async Task What_a_visitor_does_is_recorded_or_not_done(string visit) => Assert.True(await HoldsAsync(
        _visits[visit], visit.StartsWith("SecondFactorService", StringComparison.Ordinal) ? scene => FactorOperations.ArrangeTwoStepAsync(scene, scene.Owner) : null));

    /// <returns>Whether anything was recorded.</returns>
    private async Task<bool> HoldsAsync(Func<Scene, Task> ask, Func<Scene, Task>? arrange)
    {
        var scene = await ArrangeAsync(arrange);
        var (before, recorded) = (await DecisionsAsync(), (await app.AuditAsync()).Count);
        await ask(scene);
        var records = (await app.AuditAsync()).Count > recorded;
        Assert.True(records || before == await DecisionsAsync(), "Something was changed and nothing recorded.");
        if (!records)
        {
            return false;
        }

        var spoilt = await ArrangeAsync(arrange);
        before = await DecisionsAsync();
        await ExecuteAsync(_breakRecord);
        try
        {
            var error = await Record.ExceptionAsync(() => ask(spoilt));
            Assert.Contains("nothing is recorded", error?.GetBaseException().Message, StringComparison.Ordinal);
        }
        finally
        {
            await ExecuteAsync(_mendRecord);
        }

        Assert.Equal(before, await DecisionsAsync());
        return true;
    }

    /// <summary>With everything that some operation would otherwise lay out for itself.</summary>
    private async Task<Scene> ArrangeAsync(Func<Scene, Task>? arrange)
    {
        var scene = await Scene.CreateAsync(app);
        await (arrange?.Invoke(scene) ?? Task.CompletedTask);
        await scene.UseLiveKeyAsync();
        await AdministrationOperations.LinksAsync(scene);
        await SingleSignOnOperations.ConnectAsync(scene);
        var hash = await (_passwordHash ??= scene.Service<PasswordHashing>().HashAsync(AccountVisitor.Password, HashingLane.Of(Actor.Machine)));
        await using var db = await app.Contexts.CreateDbContextAsync();
        await db.Users.Where(a => a.Id == scene.Owner.AccountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.PasswordHash, hash));
        return scene;
    }

    private async Task<Actor> WhoMayAsync(Operation operation, Scene scene) => operation switch
    {
        { Owner: Answer.Done } => scene.Owner,
        { Administrator: Answer.Done } => await AdministratorAsync(),
        { Machine: Answer.Done } => Actor.Machine,
        _ => scene.Owner,
    };

    /// <summary>One for all, since making one is a change past the services.</summary>
    private async Task<Actor> AdministratorAsync()
    {
        await using var db = await app.Contexts.CreateDbContextAsync();
        var administrators = db.UserRoles.Select(r => r.UserId);
        var session = await db.Set<LoginSession>().Where(s => administrators.Contains(s.AccountId) && s.EndedAt == null).OrderBy(s => s.CreatedAt).FirstAsync();
        return new Actor(session.AccountId, session.Id, IPAddress.Loopback);
    }

    /// <summary>Everything that people decided, as text.</summary>
    private async Task<string> DecisionsAsync()
    {
        await using var db = await app.Contexts.CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        var text = new List<string>();
        foreach (var table in db.Model.GetEntityTypes().Select(e => e.GetTableName()).OfType<string>().Distinct().Where(IsDecision).Order(StringComparer.Ordinal))
        {
            text.AddRange((await ReadAsync(db.Database.GetDbConnection(), table)).Order(StringComparer.Ordinal));
        }

        return string.Join('\n', text);
    }

    private static bool IsDecision(string name) => !_noDecisions.Contains(name, StringComparer.OrdinalIgnoreCase);

    private async Task ExecuteAsync(string sql)
    {
        await using var db = await app.Contexts.CreateDbContextAsync();
        await db.Database.ExecuteSqlRawAsync(sql);
    }

    private static async Task<List<string>> ReadAsync(DbConnection connection, string table)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM {table}";
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            var columns = Enumerable.Range(0, reader.FieldCount).Where(i => IsDecision(reader.GetName(i)));
            lines.Add($"{table} {string.Join(' ', columns.Select(i => reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : $"{reader.GetValue(i)}"))}");
        }

        return lines;
    }

    /// <summary>From an address of its own, so that nobody has used up its tries.</summary>
    private static Actor SomeVisitor() => Actor.Visitor(new IPAddress(Interlocked.Increment(ref _visitors)));
}
