using System.Security.Cryptography;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// Seals the database's contents against an attacker who can write only the database: HMAC-SHA256 under a key that is never in it.
/// </summary>
/// <param name="key">Asked for at the first seal, when start-up has made it.</param>
internal sealed class DatabaseSeal(Func<byte[]> key)
{
    private byte[]? _key;

    /// <exception cref="StartRefusedException">The master key is missing or is none.</exception>
    public byte[] Over(ReadOnlySpan<byte> content) => HMACSHA256.HashData(_key ??= key(), content);
}
