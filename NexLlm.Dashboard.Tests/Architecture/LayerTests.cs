using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace NexLlm.Dashboard.Tests.Architecture;

/// <summary>
/// The arrows between the program's rooms. A room is a namespace with what is below it; whatever a room may not know is
/// listed here, and the list is tried on types that break it.
/// </summary>
public sealed partial class LayerTests
{
    private const string Root = "NexLlm.Dashboard";

    // With the libraries, whose types the rules also speak of.
    private static readonly ArchUnitNET.Domain.Architecture _house = new ArchLoader().LoadAssemblies(
        typeof(Program).Assembly, typeof(LayerTests).Assembly).Build();

    private static readonly string[] _capabilities = ["Events", "Access", "Audit", "Accounts", "Channels", "Keys", "Usage", "Logs"];
    private static readonly string[] _faces = ["Components", "Gateway", "Demo", "Backups"];

    /// <summary>Room, the rooms it must not know, and the types of them that it may know all the same.</summary>
    public static TheoryData<string, string[], string[]> Walls
    {
        get
        {
            string[] settings = [$"{Root}.Settings"];
            var walls = new TheoryData<string, string[], string[]>
            {
                { "Data", [.. _capabilities, .. _faces, "Hosting"], [$"{Root}.Accounts.Account"] },
                { "Hosting", [.. _capabilities, .. _faces], [] },
                { "Paging", ["Data", "Hosting", .. _capabilities, .. _faces], [] },
                { "Receiving", ["Data", "Hosting", .. _capabilities, .. _faces], settings },
                { "Settings", ["Data", "Hosting", "Paging", "Receiving", .. _capabilities, .. _faces], [] },
                { "Keys.Policy", ["Data", "Hosting", .. _capabilities, .. _faces], [$"{Root}.Keys.Policy"] },
                { "Components", ["Gateway", "Demo", "Hosting", "Data"], [] },
                { "Gateway", ["Components", "Demo", "Backups", "Data", "Hosting"], [.. settings, $"{Root}.Data.StorageUnavailableException", $"{Root}.Data.Failpoint", $"{Root}.Data.LowPriorityThread"] },
                { "Demo", ["Components", "Gateway", "Hosting", "Backups"], [] },
                { "Backups", ["Components", "Gateway", "Demo", "Hosting"], [$"{Root}.Hosting.Protection.MasterKey"] },
            };
            for (var i = 0; i < _capabilities.Length; i++)
            {
                walls.Add(_capabilities[i], [.. _capabilities[(i + 1)..], .. _faces, "Hosting"], [.. settings, $"{Root}.Accounts.Account"]);
            }

            return walls;
        }
    }

    [Theory]
    [MemberData(nameof(Walls))]
    public void No_room_knows_what_it_must_not(string room, string[] walledOff, string[] except) =>
        Assert.Empty(Breaches(Root, room, walledOff, except));

    [Fact]
    public void Every_room_of_the_program_has_its_walls()
    {
        var rooms = _house.Types.Where(t => In(t, Root) && t.Assembly.Name.StartsWith($"{Root},", StringComparison.Ordinal))
            .Select(t => t.Namespace.FullName).Where(n => n.StartsWith($"{Root}.", StringComparison.Ordinal))
            .Select(n => n[(Root.Length + 1)..].Split('.')[0]).Where(n => n != "Tests").Distinct();

        Assert.Empty(rooms.Except(Walls.Select(wall => wall.Data.Item1)));
    }

    [Fact]
    public void No_two_rooms_know_each_other() =>
        Assert.Empty(MutualPairs(Root));

    [Fact]
    public void Each_database_driver_is_known_to_its_own_engine_alone()
    {
        Assert.Empty(Reaching(Root, Sqlite(), except: $"{Root}.Data.Sqlite"));
        Assert.NotEmpty(Reaching($"{Root}.Data.Sqlite", Sqlite(), except: "none"));
        Assert.Empty(Reaching(Root, Postgres(), except: $"{Root}.Data.Postgres"));
        Assert.NotEmpty(Reaching($"{Root}.Data.Postgres", Postgres(), except: "none"));
    }

    [Fact]
    public void The_policy_knows_nothing_but_the_base_class_library() =>
        Assert.Empty(Foreign($"{Root}.Keys.Policy"));

    [Fact]
    public void Components_leave_the_database_and_sign_in_to_the_services() =>
        Assert.Empty(Reaching($"{Root}.Components", Forbidden(), except: $"{Root}.Components.SignIn"));

    [Fact]
    public void The_rules_see_a_breach_where_there_is_one()
    {
        const string wrong = $"{Root}.Tests.Architecture.Wrong";

        Assert.Equal(
            [$"{wrong}.Data.KnowsAKey -> {wrong}.Keys.Key", $"{wrong}.Data.MakesAKey -> {wrong}.Keys.Key", $"{wrong}.Data.MakesAKeyLater -> {wrong}.Keys.Key"],
            Breaches(wrong, "Data", ["Keys"], []).Order());
        Assert.Empty(Breaches(wrong, "Data", ["Keys"], [$"{wrong}.Keys.Key"]));
        Assert.Empty(Breaches(wrong, "Keys", ["Data"], []));
        Assert.Contains("Microsoft.EntityFrameworkCore", Assert.Single(Foreign($"{wrong}.Components")), StringComparison.Ordinal);
        Assert.Single(Reaching($"{wrong}.Components", Forbidden(), except: "none"));
        Assert.Empty(Reaching($"{wrong}.Components", Forbidden(), except: $"{wrong}.Components"));
    }

    private static List<string> Breaches(string root, string room, string[] walledOff, string[] except) =>
        Dependencies($"{root}.{room}")
            .Where(d => walledOff.Any(w => In(d.To, $"{root}.{w}")) && !In(d.To, $"{root}.{room}")
                && !except.Any(e => d.To.FullName == e || In(d.To, e)))
            .Select(d => $"{d.From.FullName} -> {d.To.FullName}").Distinct().ToList();

    /// <summary>
    /// Rooms, down to the second level, of which each knows the other. What composes a room (its *Setup) knows all of it and is left out,
    /// and so is the account, which Identity's database context is generic over.
    /// </summary>
    private static List<string> MutualPairs(string root)
    {
        var arrows = Dependencies(root)
            .Where(d => !Composes(d.From) && !Composes(d.To) && d.To.FullName != $"{Root}.Accounts.Account")
            .Select(d => (From: Room(root, d.From), To: Room(root, d.To)))
            .Where(a => a.From is not null && a.To is not null && a.From != a.To)
            .ToHashSet();
        return arrows.Where(a => string.CompareOrdinal(a.From, a.To) < 0 && arrows.Contains((a.To, a.From)))
            .Select(a => $"{a.From}, {a.To}").Order(StringComparer.Ordinal).ToList();
    }

    private static bool Composes(IType type) => type.FullName.Split('/', '+')[0].EndsWith("Setup", StringComparison.Ordinal);

    /// <summary>Null of a type at the root or outside of it.</summary>
    private static string? Room(string root, IType type) =>
        type.Namespace?.FullName is { } space && space.StartsWith($"{root}.", StringComparison.Ordinal) && !space.StartsWith($"{root}.Tests", StringComparison.Ordinal)
            ? string.Join('.', space[(root.Length + 1)..].Split('.').Take(2)) : null;

    private static List<string> Foreign(string room) =>
        Dependencies(room)
            .Where(d => !In(d.To, room) && !Library().IsMatch(d.To.FullName) && !Compiled().IsMatch(d.To.FullName))
            .Select(d => $"{d.From.FullName} -> {d.To.FullName}").Distinct().ToList();

    private static List<string> Reaching(string room, Regex library, string except) =>
        Dependencies(room)
            .Where(d => !In(d.From, except) && (room != Root || !In(d.From, $"{Root}.Tests")) && library.IsMatch(d.To.FullName))
            .Select(d => $"{d.From.FullName} -> {d.To.FullName}").Distinct().ToList();

    private static IEnumerable<(IType From, IType To)> Dependencies(string room)
    {
        var types = _house.Types.Where(t => In(t, room)).ToList();
        // A rule about nothing would hold for ever.
        Assert.NotEmpty(types);
        return types.SelectMany(t => t.Dependencies.Select(d => (t, d.Target)));
    }

    private static bool In(IType type, string room) =>
        type.Namespace is { } space && (space.FullName == room || space.FullName.StartsWith($"{room}.", StringComparison.Ordinal));

    [GeneratedRegex(@"^System\.(?!CommandLine)")]
    private static partial Regex Library();

    /// <summary>What the compiler adds to an assembly for itself.</summary>
    [GeneratedRegex(@"^(<|Microsoft\.CodeAnalysis\.)")]
    private static partial Regex Compiled();

    [GeneratedRegex(@"^(Microsoft\.Data\.Sqlite|SQLitePCL)\.|\.Sqlite(Migrations|Connection|DbContext)")]
    private static partial Regex Sqlite();

    [GeneratedRegex(@"^Npgsql\.|\.Npgsql")]
    private static partial Regex Postgres();

    [GeneratedRegex(@"^Microsoft\.EntityFrameworkCore\.|^Microsoft\.AspNetCore\.Identity\.|NexLlmDbContext")]
    private static partial Regex Forbidden();
}
