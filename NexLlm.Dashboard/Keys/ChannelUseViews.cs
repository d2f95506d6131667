using System.Globalization;

namespace NexLlm.Dashboard.Keys;

/// <summary>The effects on clients of a change of channels or groups.</summary>
/// <param name="Groups">The groups that would serve less than now, by name.</param>
/// <param name="ModelsOfNobody">The models no group would serve any longer.</param>
public sealed record ChangeImpact(IReadOnlyList<GroupImpact> Groups, IReadOnlyList<string> ModelsOfNobody)
{
    public bool IsNone => Groups is [];
}

/// <summary>A group that would serve less.</summary>
/// <param name="Stops">Whether it would serve nothing, so that every request of its keys is rejected.</param>
/// <param name="LostModels">The models it would no longer serve.</param>
/// <param name="MovedModels">The models it would still serve, but no longer at all of their current endpoints.</param>
/// <param name="Keys">
/// The number of live keys affected by name: all if it stops, otherwise those whose restriction names a lost or moved model.
/// </param>
/// <param name="First">Some of these keys.</param>
/// <param name="Unrestricted">The number of further keys that can use any model, including a lost or moved one; none if it stops.</param>
public sealed record GroupImpact(
    string Name, bool Stops, IReadOnlyList<string> LostModels, IReadOnlyList<string> MovedModels, KeyCount Keys, IReadOnlyList<KeyOfOwner> First,
    KeyCount Unrestricted);

/// <summary>A key and its owner.</summary>
public sealed record KeyOfOwner(long Id, string Name, string OwnerEmail);

/// <summary>A number of keys, counted only up to a limit.</summary>
public readonly record struct KeyCount(int Count)
{
    public const int Most = 10_000;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Math.Min(Count, Most):N0}{(Count > Most ? "+" : "")} {(Count == 1 ? "key" : "keys")}");
}

/// <summary>Why a group can't be deleted.</summary>
/// <param name="Keys">Its live keys.</param>
/// <param name="First">Some of these keys.</param>
/// <param name="RestorableUntil">If there are no live keys: until when a deleted one can be restored into it.</param>
public sealed record GroupUse(KeyCount Keys, IReadOnlyList<KeyOfOwner> First, DateTimeOffset? RestorableUntil);

/// <summary>The result of deleting a group.</summary>
public abstract record DeleteGroupOutcome
{
    private DeleteGroupOutcome()
    {
    }

    public sealed record Deleted : DeleteGroupOutcome;

    public sealed record InUse(GroupUse By) : DeleteGroupOutcome;

    /// <summary>There is no such group, or it can't be deleted here: <c>default</c>, or a group declared in the configuration.</summary>
    public sealed record NotFound : DeleteGroupOutcome;
}
