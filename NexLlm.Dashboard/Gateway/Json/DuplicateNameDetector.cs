using System.Buffers;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>The names of the members of all objects that are open at the moment, the innermost last.</summary>
internal ref struct DuplicateNameDetector(Span<ulong> onStack)
{
    // Up to here each name is compared with those before it; an object with more is sorted when it ends.
    private const int Few = 32;

    private Span<ulong> _hashes = onStack;
    private ulong[]? _rented;

    public int Count { get; private set; }

    /// <summary>False when the object whose names begin at <paramref name="first"/> has this one already.</summary>
    public bool Add(int first, ulong hash)
    {
        if (Count - first <= Few && _hashes[first..Count].Contains(hash)) return false;
        if (Count == _hashes.Length) Grow();
        _hashes[Count++] = hash;
        return true;
    }

    /// <summary>Forgets an object's names. False when two of them were the same, which <see cref="Add"/> did not tell.</summary>
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
