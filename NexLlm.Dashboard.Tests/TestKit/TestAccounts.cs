using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Tests.TestKit;

public static class TestAccounts
{
    /// <summary>Inserts an account with a live login session, past sign-up and log-in, and returns who acts by it.</summary>
    /// <param name="app">The application.</param>
    /// <param name="email">Unique; made up if null.</param>
    /// <param name="administrator">Whether it has the role.</param>
    /// <param name="tokenLimit">The overall quota in charged tokens; null is unlimited.</param>
    /// <param name="method">How the person proved who they are, just now.</param>
    public static async Task<Actor> CreateActorAsync(
        this NexLlmApp app, string? email = null, bool administrator = false, long? tokenLimit = 1_000_000, LogInMethod method = LogInMethod.Password)
    {
        await using var db = await app.Contexts.CreateDbContextAsync();
        await using var transaction = await db.BeginWriteAsync();
        var now = app.Clock.GetUtcNow();
        email ??= $"{Guid.NewGuid():N}@example.com";
        var account = new Account
        {
            UserName = email,
            NormalizedUserName = email.ToUpperInvariant(),
            Email = email,
            NormalizedEmail = email.ToUpperInvariant(),
            SecurityStamp = Guid.NewGuid().ToString("N"),
            CreatedAt = now,
            TokenLimit = tokenLimit,
        };
        db.Add(account);
        await db.SaveChangesAsync();

        if (administrator)
        {
            await MakeAdministratorAsync(db, account.Id);
        }

        var session = new LoginSession
        {
            Id = Guid.NewGuid(),
            AccountId = account.Id,
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = now.AddYears(1),
            Method = method,
            AuthenticatedAt = now,
            SecurityStamp = account.SecurityStamp,
        };
        db.Add(session);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return new Actor(account.Id, session.Id, System.Net.IPAddress.Loopback);
    }

    /// <summary>Gives an account the role, past those who may.</summary>
    public static async Task MakeAdministratorAsync(NexLlmDbContext db, long accountId)
    {
        var role = await db.Roles.SingleOrDefaultAsync(r => r.Name == Roles.Administrator)
            ?? db.Add(new IdentityRole<long>(Roles.Administrator) { NormalizedName = Roles.Administrator.ToUpperInvariant() }).Entity;
        await db.SaveChangesAsync();
        db.Add(new IdentityUserRole<long> { UserId = accountId, RoleId = role.Id });
        await db.SaveChangesAsync();
    }
}
