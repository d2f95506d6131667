using System.Globalization;

namespace NexLlm.Dashboard.Keys;

/// <summary>What programs would notice of a change of channels or groups.</summary>
/// <param name="Groups">Those that would serve less than now, by name.</param>
/// <param name="ModelsOfNobody">Models that no group would serve any more.</param>
public sealed record ChangeImpact(IReadOnlyList<GroupImpact> Groups, IReadOnlyList<string> ModelsOfNobody)
{
    public bool IsNone => Groups is [];
}

/// <summary>A group that would serve less.</summary>
/// <param name="Stops">It would serve nothing: every request of its keys is refused.</param>
/// <param name="LostModels">What it would no longer serve.</param>
/// <param name="MovedModels">What it would still serve, but no longer at all addresses at which it does now.</param>
/// <param name="Keys">How many live keys are concerned by name: all if it stops, else those whose restriction names a model that is lost or moves.</param>
/// <param name="First">A few of them.</param>
/// <param name="Unrestricted">How many more may call any model, and so may call one that is lost or moves; none if it stops.</param>
public sealed record GroupImpact(
    string Name, bool Stops, IReadOnlyList<string> LostModels, IReadOnlyList<string> MovedModels, KeyCount Keys, IReadOnlyList<KeyOfOwner> First,
    KeyCount Unrestricted);

/// <summary>A key and whose it is.</summary>
public sealed record KeyOfOwner(long Id, string Name, string OwnerEmail);

/// <summary>A number of keys, counted no further than anybody reads.</summary>
public readonly record struct KeyCount(int Count)
{
    public const int Most = 10_000;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Math.Min(Count, Most):N0}{(Count > Most ? "+" : "")} {(Count == 1 ? "key" : "keys")}");
}

/// <summary>Why a group cannot be deleted.</summary>
/// <param name="Keys">Its live keys.</param>
/// <param name="First">A few of them.</param>
/// <param name="RestorableUntil">If there is none: until when a deleted one can be brought back into it.</param>
public sealed record GroupUse(KeyCount Keys, IReadOnlyList<KeyOfOwner> First, DateTimeOffset? RestorableUntil);

/// <summary>What came of deleting a group.</summary>
public abstract record DeleteGroupOutcome
{
    private DeleteGroupOutcome()
    {
    }

    public sealed record Deleted : DeleteGroupOutcome;

    public sealed record InUse(GroupUse By) : DeleteGroupOutcome;

    /// <summary>There is none, or none that is deleted here: <c>default</c>, or one that configuration declares.</summary>
    public sealed record NotFound : DeleteGroupOutcome;
}
