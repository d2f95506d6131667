using System.Net;
using System.Text.Json;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The addresses a key can be used from: any, or exactly those listed; an empty list allows none.</summary>
public sealed class IpAllowlist : IEquatable<IpAllowlist>
{
    public const int MaxEntries = 200;

    private readonly IpRange[] _ranges;

    private IpAllowlist(bool isUnrestricted, IpRange[] ranges)
    {
        IsUnrestricted = isUnrestricted;
        _ranges = ranges;
        Ranges = ranges.AsReadOnly();
    }

    public static IpAllowlist Any { get; } = new(true, []);

    private static IpAllowlist None { get; } = new(false, []);

    public bool IsUnrestricted { get; }

    /// <summary>
    /// Whether no address is allowed, because the stored list could not be read. Its field is blank, which would mean any, so it
    /// must not be parsed again.
    /// </summary>
    public bool DeniesAll => !IsUnrestricted && _ranges.Length == 0;

    /// <summary>As entered, without duplicates; also empty if unrestricted.</summary>
    public IReadOnlyList<IpRange> Ranges { get; }

    /// <summary>An unknown address matches no list. Allocates nothing.</summary>
    public bool Contains(IPAddress? address)
    {
        if (IsUnrestricted)
            return true;
        if (address is null)
            return false;

        var (family, bits) = IpRange.Bits(address);
        foreach (ref readonly var range in _ranges.AsSpan())
        {
            if (range.Contains(family, bits))
                return true;
        }

        return false;
    }

    /// <summary>Parses entries separated by line breaks or commas; blank allows any address.</summary>
    /// <param name="errors">One per invalid entry, naming its line; empty on success.</param>
    public static bool TryParse(string? text, out IpAllowlist value, out IReadOnlyList<string> errors)
    {
        value = Any;
        var entries = Entries(PlainText.Clean(text));
        if (entries.Count > MaxEntries)
        {
            errors = [$"Enter at most {MaxEntries} IP addresses and ranges (currently {entries.Count})."];
            return false;
        }

        var ranges = new List<IpRange>(entries.Count);
        var wrong = new List<string>();
        foreach (var (line, entry) in entries)
        {
            if (IpRangeReader.TryRead(entry, out var range, out var error))
                ranges.Add(range);
            else
                wrong.Add($"Line {line}: {error}");
        }

        errors = wrong;
        if (wrong.Count == 0 && ranges.Count > 0)
            value = new IpAllowlist(false, [.. ranges.Distinct()]);
        return wrong.Count == 0;
    }

    /// <summary>Null for any address, otherwise a JSON array.</summary>
    public string? ToStored() => IsUnrestricted ? null : JsonSerializer.Serialize(_ranges.Select(range => range.ToString()));

    /// <summary>A list with any unreadable entry allows no address.</summary>
    public static IpAllowlist FromStored(string? stored)
    {
        if (stored is null)
            return Any;

        var ranges = new List<IpRange>();
        foreach (var entry in StoredList.Read(stored) ?? [])
        {
            if (!IpRangeReader.TryRead(entry, out var range, out _))
                return None;
            ranges.Add(range);
        }

        return new IpAllowlist(false, [.. ranges]);
    }

    /// <summary>One entry per line; blank if unrestricted.</summary>
    public string ToField() => string.Join('\n', _ranges);

    public bool Equals(IpAllowlist? other) =>
        other is not null && IsUnrestricted == other.IsUnrestricted && _ranges.AsSpan().SequenceEqual(other._ranges);

    public override bool Equals(object? obj) => Equals(obj as IpAllowlist);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(IsUnrestricted);
        foreach (var range in _ranges)
            hash.Add(range);
        return hash.ToHashCode();
    }

    public override string ToString() => IsUnrestricted ? "any IP address" : string.Join(", ", _ranges);

    private static List<(int Line, string Entry)> Entries(string text)
    {
        var entries = new List<(int, string)>();
        var number = 0;
        foreach (var line in text.EnumerateLines())
        {
            number++;
            foreach (var part in line.Split(','))
            {
                var entry = line[part].Trim();
                if (!entry.IsEmpty)
                    entries.Add((number, entry.ToString()));
            }
        }

        return entries;
    }
}
