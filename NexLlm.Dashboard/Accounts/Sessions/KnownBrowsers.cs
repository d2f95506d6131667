using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>
/// Recognizes browsers in which an account has logged in before (OWASP's device cookie), so that guesses from elsewhere never use up the
/// owner's attempts. The cookie grants no access: a password is still needed.
/// </summary>
public sealed class KnownBrowsers(IDataProtectionProvider protection, HostPrefixedCookies cookies, TimeProvider clock)
{
    private const int HashLength = 32, GuidLength = 16, InstantLength = 8;

    private static readonly TimeSpan _lifetime = TimeSpan.FromDays(365);

    private readonly IDataProtector _protector = protection.CreateProtector("NexLlm.KnownBrowser.v1");

    /// <summary>The browser's cookie for this account, not yet verified.</summary>
    public string? CookieOf(HttpContext context, string email) => cookies.GetRequestCookie(context, Name(email));

    /// <summary>Marks the browser after a login.</summary>
    public void Remember(HttpContext context, string email) => cookies.AppendResponseCookie(context, Name(email), Issue(email), new CookieOptions
    {
        HttpOnly = true,
        Secure = context.Request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = _lifetime,
        IsEssential = true,
    });

    /// <summary>Returns the browser's ID if the cookie was issued by this server for this account within the last year.</summary>
    public Guid? Recognise(string? cookie, string email)
    {
        if (cookie is null)
        {
            return null;
        }

        try
        {
            var payload = _protector.Unprotect(WebEncoders.Base64UrlDecode(cookie)).AsSpan();
            var issued = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(payload[(HashLength + GuidLength)..]));
            var isTheirs = payload[..HashLength].SequenceEqual(EmailAddress.Hash(email));
            return isTheirs && clock.GetUtcNow() - issued < _lifetime ? new Guid(payload.Slice(HashLength, GuidLength)) : null;
        }
        catch (Exception forged) when (forged is CryptographicException or FormatException)
        {
            return null;
        }
    }

    internal string Issue(string email)
    {
        var payload = new byte[HashLength + GuidLength + InstantLength];
        EmailAddress.Hash(email).CopyTo(payload, 0);
        RandomNumberGenerator.Fill(payload.AsSpan(HashLength, GuidLength));
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(HashLength + GuidLength), clock.GetUtcNow().ToUnixTimeMilliseconds());
        return WebEncoders.Base64UrlEncode(_protector.Protect(payload));
    }

    // One cookie per account, so that two people who share a browser both stay known.
    private static string Name(string email) => $"nexllm.browser.{Convert.ToHexStringLower(EmailAddress.Hash(email).AsSpan(0, 6))}";
}
