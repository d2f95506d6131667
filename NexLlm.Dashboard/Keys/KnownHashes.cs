namespace NexLlm.Dashboard.Keys;

/// <summary>
/// The prefixes of all stored hashes, so that an unknown secret costs no database lookup: 8 bytes each in an open-addressing
/// table that is at most half full. Read without a lock; hashes are only ever added.
/// </summary>
internal sealed class KnownHashes
{
    private readonly Lock _adding = new();
    private ulong[] _table = new ulong[1024];
    private int _count;

    public int Count => _count;

    /// <summary>True for an added hash and, about once in 10^13, for another one.</summary>
    public bool Contains(ulong prefix)
    {
        var table = Volatile.Read(ref _table);
        return table[Slot(table, Stored(prefix))] != 0;
    }

    public void Add(ulong prefix)
    {
        lock (_adding)
        {
            if (_count * 2 >= _table.Length)
            {
                Volatile.Write(ref _table, Grown(_table));
            }

            var slot = Slot(_table, Stored(prefix));
            if (_table[slot] == 0)
            {
                Volatile.Write(ref _table[slot], Stored(prefix));
                _count++;
            }
        }
    }

    private static ulong[] Grown(ulong[] table)
    {
        var grown = new ulong[table.Length * 2];
        foreach (var stored in table)
        {
            if (stored != 0)
            {
                grown[Slot(grown, stored)] = stored;
            }
        }

        return grown;
    }

    /// <summary>The slot of the hash, or the free slot for it.</summary>
    private static int Slot(ulong[] table, ulong stored)
    {
        var mask = table.Length - 1;
        // The bits of a SHA-256 hash are effectively random.
        var slot = (int)stored & mask;
        while (Volatile.Read(ref table[slot]) is var there && there != 0 && there != stored)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    /// <summary>Zero marks a free slot.</summary>
    private static ulong Stored(ulong prefix) => prefix == 0 ? 1 : prefix;
}
