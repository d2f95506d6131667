using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Passkeys;

/// <summary>
/// Stores when each passkey was last used to log in. Identity's passkey record has
/// no field for it, so it is stored among the account's tokens.
/// </summary>
internal static class PasskeyUses
{
    private const string Provider = "passkey.last_used";

    public static async Task<Dictionary<string, string?>> ReadAsync(NexLlmDbContext db, long accountId, CancellationToken cancellation) =>
        await db.UserTokens.AsNoTracking().Where(t => t.UserId == accountId && t.LoginProvider == Provider)
            .ToDictionaryAsync(t => t.Name, t => t.Value, cancellation);

    public static DateTimeOffset? Find(Dictionary<string, string?> uses, byte[] credentialId) =>
        uses.TryGetValue(Name(credentialId), out var at) && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    /// <summary>Runs in the caller's transaction, like the methods below.</summary>
    public static Task RecordAsync(IdentityScope identity, Account account, byte[] credentialId, DateTimeOffset now) =>
        identity.Users.SetAuthenticationTokenAsync(
            account, Provider, Name(credentialId), now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)).RequireSuccessAsync();

    public static Task ForgetAsync(IdentityScope identity, Account account, byte[] credentialId) =>
        identity.Users.RemoveAuthenticationTokenAsync(account, Provider, Name(credentialId)).RequireSuccessAsync();

    /// <summary>Hashed, because credential IDs can be a thousand bytes long.</summary>
    private static string Name(byte[] credentialId) => Convert.ToHexString(SHA256.HashData(credentialId));
}
