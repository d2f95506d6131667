using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Keys;

/// <summary>Finds things by a few letters of their names, for whoever types and waits: a few of each kind, and nothing that is not shown.</summary>
public sealed class QuickSearch(IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    /// <summary>The most of one kind.</summary>
    public const int Most = 8;

    /// <summary>A longer text is no name, and finds nothing.</summary>
    public const int MaxLength = 200;

    /// <summary>
    /// The actor's own live keys by name or display form, and for administrators accounts by email address, channels and groups by name. A whole
    /// secret is recognised by <see cref="KeyPolicyService.RecogniseAsync"/> instead, and finds nothing here.
    /// </summary>
    /// <param name="text">As typed; blank finds nothing. One or two characters match the beginning of a key's name, from three on any part.</param>
    /// <exception cref="AccessDeniedException">The actor's login is over.</exception>
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

    /// <summary>There are few, and SQLite folds only ASCII letters: they are compared here.</summary>
    private static async Task<List<QuickFind>> ChannelsAsync(NexLlmDbContext db, string typed, CancellationToken cancellation) =>
        Fitting(await db.Set<Channel>().Where(c => c.DeletedAt == null).Select(c => new QuickFind(c.Id, c.Name, null)).ToListAsync(cancellation), typed);

    private static async Task<List<QuickFind>> GroupsAsync(NexLlmDbContext db, string typed, CancellationToken cancellation) =>
        Fitting(await db.Set<ChannelGroup>().Where(g => g.DeletedAt == null).Select(g => new QuickFind(g.Id, g.Name, g.Description)).ToListAsync(cancellation), typed);

    private static List<QuickFind> Fitting(List<QuickFind> all, string typed) =>
        [.. all.Where(f => f.Name.Contains(typed, StringComparison.OrdinalIgnoreCase)).OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Take(Most)];
}

/// <summary>What a few letters found.</summary>
/// <param name="IsAdministrator">Whether the actor may open what only administrators may.</param>
/// <param name="Keys">The actor's own, by name; their detail is the display form.</param>
/// <param name="Accounts">By email address.</param>
/// <param name="Channels">By name.</param>
/// <param name="Groups">By name; their detail is the description.</param>
public sealed record QuickFinds(
    bool IsAdministrator, IReadOnlyList<QuickFind> Keys, IReadOnlyList<QuickFind> Accounts, IReadOnlyList<QuickFind> Channels, IReadOnlyList<QuickFind> Groups);

/// <summary>One thing that was found.</summary>
/// <param name="Detail">What else tells it apart; null if there is nothing.</param>
public sealed record QuickFind(long Id, string Name, string? Detail);
