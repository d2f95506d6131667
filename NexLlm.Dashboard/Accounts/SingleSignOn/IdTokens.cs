using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using NexLlm.Dashboard.Accounts.Sessions;

namespace NexLlm.Dashboard.Accounts.SingleSignOn;

/// <summary>Keeps a provider's ID token, which says who somebody is, encrypted in the session's row until its log-out.</summary>
public sealed class IdTokens(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("NexLlm.ProviderIdToken.v1");

    /// <summary>What a session remembers of the provider.</summary>
    internal ProviderSession Session(ProviderIdentity person) => new(
        person.Provider, person.Subject, person.SessionId,
        person.IdToken is { } token ? _protector.Protect(Encoding.UTF8.GetBytes(token)) : null);

    /// <summary>Null if there is none, or the key ring that it was encrypted with is gone.</summary>
    internal string? Read(byte[]? kept)
    {
        try
        {
            return kept is null ? null : Encoding.UTF8.GetString(_protector.Unprotect(kept));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
