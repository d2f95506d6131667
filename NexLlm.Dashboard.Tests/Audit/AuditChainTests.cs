using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Backups;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Tests.Accounts;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Audit;

public sealed class AuditChainTests : IAsyncLifetime
{
    private const string Columns = "Id, At, Action, ActorId, Address, OwnerId, KeyId, Changes, Hash";

    private readonly NexLlmApp _app = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>By every way in which events come: services, several in one save, a count, a command, and a save of its own.</summary>
    public async ValueTask InitializeAsync()
    {
        await _app.SignUpAsync("ada@example.com");
        var owner = await _app.CreateActorAsync("bob@example.com", administrator: true);
        var created = await _app.CreateKeyAsync(owner, "production-app");
        await _app.Keys.DeleteAsync(owner, [created.Key.Id], Cancellation);
        await FailToLogInAsync(times: 3);
        await _app.Services.GetRequiredService<AccountQuotas>().GrantAsync(Actor.Machine, "ada@example.com", 1_000, Cancellation);
        await _app.Services.GetRequiredService<BackupHistory>().RecordBackupAsync("/safe/place.db");
        await using var db = await _app.Contexts.CreateDbContextAsync(Cancellation);
        foreach (var key in new long[] { 9, 8, 7 })
        {
            AuditTrail.Record(db, Actor.Machine, _app.Clock.GetUtcNow(), AuditActions.KeyEdited, 1, key, new AuditChange("name", "a", "b"));
        }

        db.SaveChanges();
        await FailToLogInAsync(times: 2);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Whoever_records_an_event_chains_it()
    {
        var events = await _app.AuditAsync();

        Assert.All(events, e => Assert.Equal(32, e.Hash!.Length));
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.Id));
        Assert.Equal([9, 8, 7], events.Where(e => e.Action == AuditActions.KeyEdited).Select(e => e.KeyId));
        Assert.Contains(events, e => RepeatedEvents.IsCount(e.Changes) && e.Changes!.Contains('5'));
        Assert.Equal(new AuditState(null, AuditHead.Of(events[^1]), 0), await CheckAsync());
    }

    [Fact]
    public async Task Whatever_is_changed_in_a_row_shows_at_that_row()
    {
        var events = await _app.AuditAsync();
        string[] plants =
        [
            "At = At + 1", "Action = Action || 'x'", "ActorId = coalesce(ActorId, 0) + 1", "Address = coalesce(Address, '') || '1'",
            "OwnerId = coalesce(OwnerId, 0) + 1", "KeyId = coalesce(KeyId, 0) + 1", "Changes = coalesce(Changes, '') || ' '", "Hash = NULL", $"Hash = {RandomBlob}", "Hash = substr(Hash, 1, 31)",
        ];
        // Of the first event alone, no hash shows only at the next.
        Gen.Select(Gen.Int[1, events.Count - 1], Gen.Int[0, plants.Length - 1]).Sample(
            (row, plant) => ShowsAt(events[row].Id, $"UPDATE AuditEvents SET {plants[plant]} WHERE Id = {events[row].Id}"), iter: Scale.Of(60, 1_000), threads: 1);
    }

    [Fact]
    public async Task Rows_that_are_taken_out_put_in_or_moved_show()
    {
        var events = await _app.AuditAsync();
        var genRow = Gen.Int[0, events.Count - 2];
        Gen.Select(genRow, Gen.Int[0, 4], Gen.Int[0, 3]).Sample(
            (first, more, kind) =>
            {
                var from = events[first].Id;
                var to = Math.Min(from + more, events[^1].Id - 1);
                return kind switch
                {
                    0 => Shows($"DELETE FROM AuditEvents WHERE Id BETWEEN {from} AND {to}"),
                    // What follows closes up, so that no number is missing.
                    1 => Shows($"DELETE FROM AuditEvents WHERE Id = {from}; UPDATE AuditEvents SET Id = -Id WHERE Id > {from}; UPDATE AuditEvents SET Id = -Id - 1 WHERE Id < 0; {Count($"{LastId} - 1")}"),
                    2 => Shows($"UPDATE AuditEvents SET Id = -Id WHERE Id > {from}; UPDATE AuditEvents SET Id = 1 - Id WHERE Id < 0; INSERT INTO AuditEvents ({Columns}) SELECT Id + 1, At, Action, ActorId, Address, OwnerId, KeyId, Changes, Hash FROM AuditEvents WHERE Id = {from}"),
                    // The two rows change places, hashes and all.
                    _ => Shows($"UPDATE AuditEvents SET Id = -1 WHERE Id = {from}; UPDATE AuditEvents SET Id = {from} WHERE Id = {from + 1}; UPDATE AuditEvents SET Id = {from + 1} WHERE Id = -1"),
                };
            }, iter: Scale.Of(60, 1_000), threads: 1);
    }

    [Fact]
    public async Task Who_can_write_only_the_database_cannot_make_a_chain_that_fits()
    {
        var forger = new AuditChain(new DatabaseHmac(() => RandomNumberGenerator.GetBytes(32)));
        await using (var db = await _app.Contexts.CreateDbContextAsync(Cancellation))
        {
            byte[]? before = null;
            foreach (var recorded in await _app.AuditAsync())
            {
                before = forger.Hash(before, recorded);
                await db.Database.ExecuteSqlAsync($"UPDATE AuditEvents SET Hash = {before} WHERE Id = {recorded.Id}", Cancellation);
            }
        }

        Assert.StartsWith("Audit log: event 1, the first with a hash, doesn't match it.", (await CheckAsync()).Misfit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_end_that_is_cut_off_shows_also_after_more_was_recorded()
    {
        var last = (await _app.AuditAsync())[^1].Id;
        await ExecuteAsync($"DELETE FROM AuditEvents WHERE Id > {last - 2}");
        Assert.Equal($"Audit log: events {last - 1} to {last} are missing from its end.", (await CheckAsync()).Misfit);

        await _app.Services.GetRequiredService<BackupHistory>().RecordBackupAsync("/safe/place.db");

        Assert.Equal($"Audit log: events {last - 1} to {last} are missing.", (await CheckAsync()).Misfit);
    }

    [Fact]
    public async Task An_end_that_was_cut_off_with_the_databases_own_count_shows_against_a_noted_head()
    {
        var noted = (await CheckAsync()).Head!;
        await FailToLogInAsync(times: 1);
        Assert.Null((await CheckAsync(noted)).Misfit);

        await ExecuteAsync($"DELETE FROM AuditEvents WHERE Id >= {noted.Id}; {Count($"{noted.Id - 1}")}");
        Assert.Null((await CheckAsync()).Misfit);
        Assert.StartsWith($"Audit log: event {noted.Id} isn't the one with hash {noted.Hash}.", (await CheckAsync(noted)).Misfit, StringComparison.Ordinal);

        // Nor does another event in its place pass for it.
        await _app.Services.GetRequiredService<BackupHistory>().RecordBackupAsync("/elsewhere.db");
        Assert.Equal(noted.Id, (await CheckAsync()).Head!.Id);
        Assert.StartsWith($"Audit log: event {noted.Id} isn't the one", (await CheckAsync(noted)).Misfit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_from_before_the_upgrade_have_no_hash_and_the_chain_begins_after_them()
    {
        var events = await _app.AuditAsync();
        await ExecuteAsync("UPDATE AuditEvents SET Hash = NULL");
        Assert.Equal(new AuditState(null, null, events.Count), await CheckAsync());

        await _app.Services.GetRequiredService<BackupHistory>().RecordBackupAsync("/safe/place.db");

        var state = await CheckAsync();
        Assert.Equal((null, events.Count, events.Count + 1L), (state.Misfit, state.Older, state.Head!.Id));
        await ExecuteAsync($"UPDATE AuditEvents SET Hash = NULL WHERE Id = {events.Count + 1}; UPDATE AuditEvents SET Hash = {RandomBlob} WHERE Id = {events.Count}");
        Assert.NotNull((await CheckAsync()).Misfit);
    }

    [Fact]
    public async Task What_is_rolled_back_leaves_no_gap()
    {
        var before = (await CheckAsync()).Head!;
        await using (var db = await _app.Contexts.CreateDbContextAsync(Cancellation))
        {
            await using var transaction = await db.BeginWriteAsync(Cancellation);
            AuditTrail.Record(db, Actor.Machine, _app.Clock.GetUtcNow(), AuditActions.KeyEdited, null);
            await db.SaveChangesAsync(Cancellation);
        }

        Assert.Equal(before, (await CheckAsync()).Head);
        await _app.Services.GetRequiredService<BackupHistory>().RecordBackupAsync("/safe/place.db");
        Assert.Equal(before.Id + 1, (await CheckAsync()).Head!.Id);
    }

    [Fact]
    public async Task Writers_beside_each_other_make_one_chain()
    {
        var before = (await CheckAsync()).Head!.Id;

        await Parallel.ForAsync(0, 40, Cancellation, async (i, cancellation) =>
        {
            await using var db = await _app.Contexts.CreateDbContextAsync(cancellation);
            AuditTrail.Record(db, Actor.Machine, _app.Clock.GetUtcNow(), AuditActions.KeyEdited, i);
            AuditTrail.Record(db, Actor.Machine, _app.Clock.GetUtcNow(), AuditActions.KeyEdited, i);
            await db.SaveChangesAsync(cancellation);
        });

        var state = await CheckAsync();
        Assert.Equal((null, before + 80), (state.Misfit, state.Head!.Id));
    }

    [Fact]
    public async Task The_command_says_which_event_does_not_fit_and_exits_accordingly()
    {
        var head = (await CheckAsync()).Head!;
        var command = _app.Services.GetServices<Command>().Single(c => c.Name == "verify");
        Task<int> RunAsync(params string[] arguments) => command.Parse(arguments).InvokeAsync(cancellationToken: Cancellation);

        Assert.Equal(0, await RunAsync());
        Assert.Equal(0, await RunAsync("--audit-head", head.ToString()));
        Assert.Equal(1, await RunAsync("--audit-head", new AuditHead(head.Id, new string('0', 32)).ToString()));
        Assert.Contains("not an audit log head", Assert.Single(command.Parse(["--audit-head", "12"]).Errors).Message, StringComparison.Ordinal);
        await ExecuteAsync("UPDATE AuditEvents SET At = At + 1 WHERE Id = 2");
        Assert.Equal(1, await RunAsync());
    }

    [Theory]
    [InlineData("12:0123456789abcdef0123456789ABCDEF", true)]
    [InlineData("12:0123456789abcdef0123456789abcde", false)]
    [InlineData("-12:0123456789abcdef0123456789abcdef", false)]
    [InlineData("0123456789abcdef0123456789abcdef", false)]
    [InlineData("12:0123456789abcdef0123456789abcdeg", false)]
    public void A_head_is_read_as_it_is_printed(string text, bool isHead)
    {
        Assert.Equal(isHead, AuditHead.Read(text) is not null);
        Assert.Equal(isHead ? text.ToLowerInvariant() : null, AuditHead.Read(text)?.ToString());
    }

    [Fact]
    public void No_two_events_are_hashed_alike()
    {
        var chain = new AuditChain(new DatabaseHmac(() => new byte[32]));
        var genText = Gen.String[Gen.Char["ab\0"], 0, 3].Null();
        var genEvent = Gen.Select(Gen.Long[0, 2], Gen.Long[0, 2].Nullable(), genText, Gen.Long[0, 2].Nullable(), Gen.Long[0, 2].Nullable(), genText)
            .Select((id, actor, address, owner, key, changes) => (id, actor, address, owner, key, changes));
        Gen.Select(genEvent, genEvent).Sample((one, other) => (one == other) == chain.Hash(null, Event(one)).SequenceEqual(chain.Hash(null, Event(other))));

        static AuditEvent Event((long Id, long? Actor, string? Address, long? Owner, long? Key, string? Changes) e) =>
            new() { Id = e.Id, Action = "a", ActorId = e.Actor, Address = e.Address, OwnerId = e.Owner, KeyId = e.Key, Changes = e.Changes };
    }

    private static string LastIds => TestEngine.IsPostgres ? "lastids" : "sqlite_sequence";

    private static string LastId => TestEngine.IsPostgres ? "last" : "seq";

    private static string RandomBlob => TestEngine.IsPostgres ? "decode(md5(random()::text) || md5(random()::text), 'hex')" : "randomblob(32)";

    /// <summary>Says that this is the last number that was given out.</summary>
    private static string Count(string value) => $"UPDATE {LastIds} SET {LastId} = {value} WHERE lower(name) = 'auditevents'";

    private bool ShowsAt(long id, string tampering) =>
        Tampered(tampering) is { } misfit && misfit.StartsWith(string.Create(CultureInfo.InvariantCulture, $"Audit log: event {id}"), StringComparison.Ordinal)
        && !char.IsAsciiDigit(misfit[$"Audit log: event {id}".Length]);

    private bool Shows(string tampering) => Tampered(tampering) is not null;

    /// <summary>What is said of it, before it is undone.</summary>
    private string? Tampered(string tampering)
    {
        ExecuteAsync(
            $"CREATE TABLE Aside AS SELECT * FROM AuditEvents; CREATE TABLE AsideCount AS SELECT {LastId} FROM {LastIds} WHERE lower(name) = 'auditevents'; " + tampering)
            .GetAwaiter().GetResult();
        var misfit = CheckAsync().GetAwaiter().GetResult().Misfit;
        ExecuteAsync(
            $"DELETE FROM AuditEvents; INSERT INTO AuditEvents ({Columns}) SELECT {Columns} FROM Aside; "
            + $"{Count($"(SELECT {LastId} FROM AsideCount)")}; DROP TABLE Aside; DROP TABLE AsideCount")
            .GetAwaiter().GetResult();
        Assert.Null(CheckAsync().GetAwaiter().GetResult().Misfit);
        return misfit;
    }

    private Task<AuditState> CheckAsync(AuditHead? noted = null) =>
        _app.Services.GetRequiredService<AuditVerification>().CheckAsync(noted, Cancellation);

    private async Task ExecuteAsync(string sql)
    {
        await using var db = await _app.Contexts.CreateDbContextAsync(Cancellation);
        await db.Database.ExecuteSqlRawAsync(sql, Cancellation);
    }

    private async Task FailToLogInAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.IsType<LogInOutcome.Refused>(await _app.Services.GetRequiredService<LogInService>().LogInAsync(
                Actor.Visitor(new IPAddress([203, 0, 113, 9])), new LogInRequest("ada@example.com", "wrong umbrella colours"), Cancellation));
        }
    }
}
