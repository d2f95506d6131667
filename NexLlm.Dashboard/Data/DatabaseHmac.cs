using System.Security.Cryptography;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// Protects database content against an attacker who can write only to the database: HMAC-SHA256 with a key that is never stored there.
/// </summary>
/// <param name="key">Called for the first seal, once startup has created the key.</param>
internal sealed class DatabaseHmac(Func<byte[]> key)
{
    private byte[]? _key;

    /// <exception cref="StartRefusedException">The master key is missing or invalid.</exception>
    public byte[] Over(ReadOnlySpan<byte> content) => HMACSHA256.HashData(_key ??= key(), content);
}
