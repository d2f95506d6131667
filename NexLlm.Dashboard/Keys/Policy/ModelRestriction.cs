using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The models a key can use: all, or exactly those listed; an empty set allows none.</summary>
public sealed class ModelRestriction : IEquatable<ModelRestriction>
{
    public const int MaxModels = 200;
    public const int MaxIdLength = 200;

    private readonly string[] _sorted;

    private ModelRestriction(bool isUnrestricted, string[] sorted)
    {
        IsUnrestricted = isUnrestricted;
        _sorted = sorted;
        Models = sorted.AsReadOnly();
    }

    public static ModelRestriction All { get; } = new(true, []);

    private static ModelRestriction None { get; } = new(false, []);

    public bool IsUnrestricted { get; }

    public bool DeniesAll => !IsUnrestricted && _sorted.Length == 0;

    /// <summary>Distinct and in ordinal order; also empty if unrestricted.</summary>
    public IReadOnlyList<string> Models { get; }

    /// <summary>IDs are compared exactly, including case. Allocates nothing.</summary>
    public bool Allows(string model) =>
        IsUnrestricted || Array.BinarySearch(_sorted, model, StringComparer.Ordinal) >= 0;

    public static ModelRestriction Only(IEnumerable<string> models) =>
        new(false, [.. models.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    /// <summary>Parses a selection; an empty one means all models, as the form says.</summary>
    public static bool TryParse(
        IEnumerable<string>? selection, out ModelRestriction value, [NotNullWhen(false)] out string? error)
    {
        value = All;
        error = null;
        var chosen = Only(selection ?? []);
        if (chosen._sorted.Length == 0)
            return true;

        if (chosen._sorted.Length > MaxModels)
            error = $"Choose at most {MaxModels} models (currently {chosen._sorted.Length}), or none to allow all.";
        else if (Array.Find(chosen._sorted, id => !IsId(id)) is { } wrong)
            error = $"\"{Shown(wrong)}\" isn't a valid model ID. Use 1 to {MaxIdLength} characters, without line breaks or surrounding spaces.";
        else
            value = chosen;
        return error is null;
    }

    /// <summary>Null for all models, otherwise a JSON array.</summary>
    public string? ToStored() => IsUnrestricted ? null : JsonSerializer.Serialize(_sorted);

    /// <summary>An unreadable value allows no model.</summary>
    public static ModelRestriction FromStored(string? stored) =>
        stored is null ? All : StoredList.Read(stored) is { } models ? Only(models) : None;

    public bool Equals(ModelRestriction? other) =>
        other is not null && IsUnrestricted == other.IsUnrestricted && _sorted.AsSpan().SequenceEqual(other._sorted);

    public override bool Equals(object? obj) => Equals(obj as ModelRestriction);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(IsUnrestricted);
        foreach (var model in _sorted)
            hash.Add(model, StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    public override string ToString() => IsUnrestricted ? "all models" : string.Join(", ", _sorted);

    private static bool IsId(string id) =>
        id.Length is > 0 and <= MaxIdLength && id.AsSpan().Trim().Length == id.Length && PlainText.IsPrintable(id);

    private static string Shown(string id) => id.Length <= 40 ? id : string.Concat(id.AsSpan(0, 40), "…");
}
