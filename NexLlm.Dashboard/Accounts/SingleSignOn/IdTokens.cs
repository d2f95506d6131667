using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using NexLlm.Dashboard.Accounts.Sessions;

namespace NexLlm.Dashboard.Accounts.SingleSignOn;

/// <summary>Stores a provider's ID token, which identifies a person, encrypted in the session's row until logout.</summary>
public sealed class IdTokens(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("NexLlm.ProviderIdToken.v1");

    /// <summary>The provider data to store with a session.</summary>
    internal ProviderSession Session(ProviderIdentity person) => new(
        person.Provider, person.Subject, person.SessionId,
        person.IdToken is { } token ? _protector.Protect(Encoding.UTF8.GetBytes(token)) : null);

    /// <summary>Returns null if there is no token, or it was encrypted with a lost key ring.</summary>
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
