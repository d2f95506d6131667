using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace NexLlm.Dashboard.Channels;

/// <summary>Encrypts provider keys for storage. No other class encrypts or decrypts them.</summary>
public sealed class ProviderKeys(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("NexLlm.Channels.ApiKey");

    public string Protect(string providerKey) => _protector.Protect(providerKey);

    /// <summary>Returns false if the key was encrypted with a lost key ring.</summary>
    public bool TryUnprotect(string stored, [NotNullWhen(true)] out string? providerKey)
    {
        try
        {
            providerKey = _protector.Unprotect(stored);
            return true;
        }
        catch (CryptographicException)
        {
            providerKey = null;
            return false;
        }
    }
}
