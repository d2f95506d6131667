using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace NexLlm.Dashboard.Channels;

/// <summary>Provider keys at rest: the one place that encrypts and decrypts them.</summary>
public sealed class ProviderKeys(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("NexLlm.Channels.ApiKey");

    public string Protect(string providerKey) => _protector.Protect(providerKey);

    /// <summary>False if it was encrypted under a key ring that is gone.</summary>
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
