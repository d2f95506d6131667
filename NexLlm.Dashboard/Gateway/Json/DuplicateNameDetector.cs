using System.Buffers;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>The field names of all currently open objects, innermost last.</summary>
internal ref struct DuplicateNameDetector(Span<ulong> onStack)
{
    // Up to this many names, each is compared with the previous ones; larger objects are sorted when they end.
    private const int Few = 32;

    private Span<ulong> _hashes = onStack;
    private ulong[]? _rented;

    public int Count { get; private set; }

    /// <summary>Returns false if the object whose names start at <paramref name="first"/> already has this name.</summary>
    public bool Add(int first, ulong hash)
    {
        if (Count - first <= Few && _hashes[first..Count].Contains(hash)) return false;
        if (Count == _hashes.Length) Grow();
        _hashes[Count++] = hash;
        return true;
    }

    /// <summary>Removes an object's names. Returns false if it had a duplicate that <see cref="Add"/> didn't detect.</summary>
    public bool Close(int first)
    {
        var names = _hashes[first..Count];
        Count = first;
        if (names.Length <= Few) return true;
        names.Sort();
        for (var i = 1; i < names.Length; i++)
        {
            if (names[i] == names[i - 1]) return false;
        }

        return true;
    }

    public readonly void Dispose()
    {
        if (_rented is not null) ArrayPool<ulong>.Shared.Return(_rented);
    }

    private void Grow()
    {
        var larger = ArrayPool<ulong>.Shared.Rent(_hashes.Length * 2);
        _hashes.CopyTo(larger);
        Dispose();
        _hashes = _rented = larger;
    }
}
