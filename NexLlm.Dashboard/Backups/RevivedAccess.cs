using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.BreakGlass;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Backups;

/// <summary>
/// A restore also reverts revocations. Leaked keys and disabled accounts that work again are reported to the operator; sessions and used
/// one-time links are revoked again, along with all others.
/// </summary>
internal sealed class RevivedAccess(IDbContextFactory<NexLlmDbContext> contexts)
{
    private const int Step = 500;

    private Stopped? _stopped;

    /// <summary>Reads the database that is about to be replaced. If it is unreadable, nothing is recorded.</summary>
    public async Task NoteStoppedAsync(CancellationToken cancellation)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            _stopped = new Stopped(
                await db.Set<ApiKey>().Where(k => k.DeletedAt != null || !k.IsEnabled).Select(k => k.SecretHash).ToListAsync(cancellation),
                await db.Users.Where(a => a.DisabledAt != null).Select(a => a.NormalizedEmail!).ToListAsync(cancellation));
        }
        catch (DbException)
        {
            _stopped = null;
        }
    }

    /// <summary>Lists which of the noted keys and accounts work in the restored database, one per line.</summary>
    public async Task<IReadOnlyList<string>> TellAsync(CancellationToken cancellation)
    {
        if (_stopped is null)
        {
            return ["WARNING: keys and accounts that were deleted or disabled after this backup are active again. The previous database can't be read, so they can't be listed. Review all keys and accounts."];
        }

        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var keys = await FindAsync(_stopped.KeyHashes, hashes =>
            from key in db.Set<ApiKey>()
            join owner in db.Users on key.OwnerId equals owner.Id
            where hashes.Contains(key.SecretHash) && key.DeletedAt == null && key.IsEnabled
            select key.DisplayForm + "  " + key.Name + " (" + owner.Email + ")", cancellation);
        var accounts = await FindAsync(_stopped.Accounts, emails =>
            from account in db.Users where emails.Contains(account.NormalizedEmail!) && account.DisabledAt == null select account.Email!, cancellation);
        return
        [
            .. Told(keys, "key that was deleted or disabled after this backup is active again. Delete it if it was exposed:", "keys that were deleted or disabled after this backup are active again. Delete those that were exposed:"),
            .. Told(accounts, "account that was disabled after this backup is active again:", "accounts that were disabled after this backup are active again:"),
        ];
    }

    /// <summary>Runs in the caller's transaction.</summary>
    public static async Task EndLoginsAsync(NexLlmDbContext db, DateTimeOffset now, CancellationToken cancellation)
    {
        await db.Set<LoginSession>().Where(s => s.EndedAt == null).ExecuteUpdateAsync(s => s.SetProperty(x => x.EndedAt, now), cancellation);
        await db.Set<PasswordReset>().ExecuteDeleteAsync(cancellation);
        await db.Set<Invitation>().ExecuteDeleteAsync(cancellation);
        await db.UserTokens.Where(t => t.LoginProvider == BreakGlassLinks.TokenProvider && t.Name == BreakGlassLinks.TokenName).ExecuteDeleteAsync(cancellation);
    }

    private static IEnumerable<string> Told(List<string> found, string one, string many) =>
        found is [] ? [] : [string.Create(CultureInfo.InvariantCulture, $"WARNING: {found.Count:N0} {(found is [_] ? one : many)}"), .. found.Select(f => $"  {f}")];

    private static async Task<List<string>> FindAsync<T>(IReadOnlyList<T> stopped, Func<T[], IQueryable<string>> find, CancellationToken cancellation)
    {
        List<string> found = [];
        foreach (var step in stopped.Chunk(Step))
        {
            found.AddRange(await find(step).ToListAsync(cancellation));
        }

        return found;
    }

    /// <param name="KeyHashes">Identify keys even in a database that assigns different IDs.</param>
    /// <param name="Accounts">The normalized email addresses.</param>
    private sealed record Stopped(IReadOnlyList<byte[]> KeyHashes, IReadOnlyList<string> Accounts);
}
