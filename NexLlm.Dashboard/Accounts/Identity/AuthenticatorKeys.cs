using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace NexLlm.Dashboard.Accounts.Identity;

/// <summary>
/// Encrypts authenticator keys, which Identity would store in plain text. The key ring is in the
/// same database and may need to create a key first, so keys are encrypted and decrypted before
/// the transaction that uses them and looked up here during it. One instance per operation.
/// </summary>
public sealed class AuthenticatorKeys(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("NexLlm.AuthenticatorKey.v1");
    private readonly Dictionary<string, string> _sealed = [];
    private readonly Dictionary<string, string> _opened = [];

    /// <summary>Encrypts a key that is about to be stored.</summary>
    public void Seal(string key)
    {
        var stored = _protector.Protect(key);
        _sealed[key] = stored;
        _opened[stored] = key;
    }

    /// <summary>Decrypts a stored key for later use. A key encrypted with a lost key ring accepts no code.</summary>
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

    /// <exception cref="InvalidOperationException">The key wasn't encrypted before.</exception>
    internal string Sealed(string key) =>
        _sealed.TryGetValue(key, out var stored) ? stored : throw new InvalidOperationException("A key is sealed before the transaction that stores it.");

    /// <summary>Returns null unless the key was decrypted before. If the account's key has changed since, no code is valid.</summary>
    internal string? Opened(string? stored) => stored is null ? null : _opened.GetValueOrDefault(stored);
}
