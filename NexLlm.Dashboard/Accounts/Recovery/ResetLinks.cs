using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Recovery;

/// <summary>
/// Identity's token provider for password resets. Identity's own tokens carry their expiry and aren't stored, so they could be neither
/// revoked nor replaced; these are stored as rows.
/// </summary>
internal sealed class ResetLinks(NexLlmDbContext db, TimeProvider clock) : IUserTwoFactorTokenProvider<Account>
{
    public const string ProviderName = "ResetLink";

    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<Account> manager, Account user) => Task.FromResult(false);

    /// <summary>Creates a link and invalidates the previous one.</summary>
    public async Task<string> GenerateAsync(string purpose, UserManager<Account> manager, Account user)
    {
        var now = clock.GetUtcNow();
        var token = OneTimeToken.New();
        await db.Set<PasswordReset>().Where(r => r.AccountId == user.Id || r.ExpiresAt <= now).ExecuteDeleteAsync();
        db.Add(new PasswordReset { AccountId = user.Id, TokenHash = OneTimeToken.Hash(token), ExpiresAt = now + Lifetime });
        await db.SaveChangesAsync();
        return token;
    }

    public Task<bool> ValidateAsync(string purpose, string token, UserManager<Account> manager, Account user)
    {
        var hash = OneTimeToken.Hash(token);
        var now = clock.GetUtcNow();
        return db.Set<PasswordReset>().AnyAsync(r => r.AccountId == user.Id && r.TokenHash == hash && r.ExpiresAt > now);
    }
}
