using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace NexLlm.Dashboard.Accounts.Identity;

/// <summary>
/// Authenticator keys at rest, which Identity would store in plain: encrypted, and nothing else opens them. The key ring is in the same
/// database and may have to write a key of its own first, so keys are sealed and opened before the transaction that uses them, and looked
/// up here in it. One for each operation.
/// </summary>
public sealed class AuthenticatorKeys(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("NexLlm.AuthenticatorKey.v1");
    private readonly Dictionary<string, string> _sealed = [];
    private readonly Dictionary<string, string> _opened = [];

    /// <summary>Prepares a key that is about to be stored.</summary>
    public void Seal(string key)
    {
        var stored = _protector.Protect(key);
        _sealed[key] = stored;
        _opened[stored] = key;
    }

    /// <summary>Prepares the use of a stored key. One that was encrypted under a key ring that is gone accepts no code.</summary>
    public void Open(string stored)
    {
        try
        {
            _opened[stored] = _protector.Unprotect(stored);
        }
        catch (CryptographicException)
        {
            _opened.Remove(stored);
        }
    }

    /// <exception cref="InvalidOperationException">It was not sealed before.</exception>
    internal string Sealed(string key) =>
        _sealed.TryGetValue(key, out var stored) ? stored : throw new InvalidOperationException("A key is sealed before the transaction that stores it.");

    /// <summary>Null unless it was opened before. If the account has another key by now, no code is right.</summary>
    internal string? Opened(string? stored) => stored is null ? null : _opened.GetValueOrDefault(stored);
}
