using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Keys;

/// <summary>Finds objects by a few letters of their names while the user types: a few of each kind, with only the displayed fields.</summary>
public sealed class QuickSearch(IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    /// <summary>The maximum number of results per kind.</summary>
    public const int Most = 8;

    /// <summary>Longer text can't be a name and finds nothing.</summary>
    public const int MaxLength = 200;

    /// <summary>
    /// Finds the actor's own live keys by name or key prefix and, for administrators, accounts by email and channels and groups
    /// by name. A whole secret finds nothing here; use <see cref="KeyPolicyService.RecogniseAsync"/> for that.
    /// </summary>
    /// <param name="text">
    /// As typed; blank finds nothing. One or two characters match the start of a key's name, three or more match anywhere.
    /// </param>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<QuickFinds> FindAsync(Actor actor, string? text, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        var typed = (text ?? "").Trim();
        if (typed.Length is 0 or > MaxLength)
        {
            return new QuickFinds(acting.IsAdministrator, [], [], [], []);
        }

        var keys = await KeysAsync(db, acting.Id, typed, cancellation);
        return acting.IsAdministrator
            ? new QuickFinds(true, keys, await AccountsAsync(db, typed, cancellation), await ChannelsAsync(db, typed, cancellation), await GroupsAsync(db, typed, cancellation))
            : new QuickFinds(false, keys, [], [], []);
    }

    private static async Task<List<QuickFind>> KeysAsync(NexLlmDbContext db, long ownerId, string typed, CancellationToken cancellation)
    {
        var own = db.Live(ownerId);
        var matching = typed.StartsWith(KeySecret.Prefix, StringComparison.Ordinal) ? own.Where(k => k.DisplayForm.StartsWith(typed)) : own.Matching(typed);
        return await matching.OrderBy(k => k.NormalizedName).ThenBy(k => k.Id).Take(Most)
            .Select(k => new QuickFind(k.Id, k.Name, k.DisplayForm)).ToListAsync(cancellation);
    }

    private static async Task<List<QuickFind>> AccountsAsync(NexLlmDbContext db, string typed, CancellationToken cancellation)
    {
        var key = EmailAddress.Key(typed);
        return await db.Users.AsNoTracking().Where(a => a.NormalizedEmail!.Contains(key)).OrderBy(a => a.NormalizedEmail).Take(Most)
            .Select(a => new QuickFind(a.Id, a.Email!, null)).ToListAsync(cancellation);
    }

    /// <summary>Compared in memory, because there are few and SQLite folds only ASCII letters.</summary>
    private static async Task<List<QuickFind>> ChannelsAsync(NexLlmDbContext db, string typed, CancellationToken cancellation) =>
        Fitting(await db.Set<Channel>().Where(c => c.DeletedAt == null).Select(c => new QuickFind(c.Id, c.Name, null)).ToListAsync(cancellation), typed);

    private static async Task<List<QuickFind>> GroupsAsync(NexLlmDbContext db, string typed, CancellationToken cancellation) =>
        Fitting(await db.Set<ChannelGroup>().Where(g => g.DeletedAt == null).Select(g => new QuickFind(g.Id, g.Name, g.Description)).ToListAsync(cancellation), typed);

    private static List<QuickFind> Fitting(List<QuickFind> all, string typed) =>
        [.. all.Where(f => f.Name.Contains(typed, StringComparison.OrdinalIgnoreCase)).OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Take(Most)];
}

/// <summary>The results of a quick search.</summary>
/// <param name="IsAdministrator">Whether the actor can open administrators' pages.</param>
/// <param name="Keys">The actor's own keys, by name, with the key prefix as their detail.</param>
/// <param name="Accounts">Sorted by email.</param>
/// <param name="Channels">Sorted by name.</param>
/// <param name="Groups">Sorted by name, with the description as their detail.</param>
public sealed record QuickFinds(
    bool IsAdministrator, IReadOnlyList<QuickFind> Keys, IReadOnlyList<QuickFind> Accounts, IReadOnlyList<QuickFind> Channels, IReadOnlyList<QuickFind> Groups);

/// <summary>One result.</summary>
/// <param name="Detail">Additional identification; null if there is none.</param>
public sealed record QuickFind(long Id, string Name, string? Detail);
