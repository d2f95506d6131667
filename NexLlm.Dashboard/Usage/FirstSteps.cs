using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Usage.RollUp;

namespace NexLlm.Dashboard.Usage;

/// <summary>
/// The set-up steps a new installation still lacks, for administrators. Each is derived from the data, so nothing has to be
/// checked off. It lives in Usage, the first folder that can see all of that data.
/// </summary>
/// <remarks>Every operation throws <see cref="AccessDeniedException"/> unless the actor is an administrator.</remarks>
public sealed class FirstSteps(IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    // Identity stores small named values of an account here.
    private const string Store = "NexLLM";
    private const string Dismissed = "first-steps-dismissed";

    public async Task<FirstStepsProgress> ReadAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireAdministratorAsync(actor, now, cancellation);
        return new FirstStepsProgress(
            await db.Set<Channel>().AnyAsync(c => c.DeletedAt == null && c.Type != ChannelType.Echo, cancellation),
            await db.Set<ApiKey>().AnyAsync(cancellation),
            // Charges exist immediately but are pruned eventually; the roll-up is kept.
            await db.Set<Charge>().AnyAsync(cancellation) || await db.Set<ModelUsage>().AnyAsync(cancellation),
            await db.Users.CountAsync(cancellation) > 1 || await db.Set<Invitation>().AnyAsync(i => i.ExpiresAt > now, cancellation),
            await db.Set<AuditEvent>().AnyAsync(e => e.Action == AuditActions.BackupMade, cancellation),
            await Mark(db, acting).AnyAsync(cancellation));
    }

    /// <summary>Hides the list from the actor; other administrators still see it.</summary>
    public async Task DismissAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var acting = await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        if (!await Mark(db, acting).AnyAsync(cancellation))
        {
            db.UserTokens.Add(new IdentityUserToken<long> { UserId = acting.Id, LoginProvider = Store, Name = Dismissed, Value = "true" });
            await db.SaveChangesAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Undoes <see cref="DismissAsync"/>.</summary>
    public async Task ShowAgainAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        await Mark(db, await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation)).ExecuteDeleteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static IQueryable<IdentityUserToken<long>> Mark(NexLlmDbContext db, ActingAccount acting) =>
        db.UserTokens.Where(t => t.UserId == acting.Id && t.LoginProvider == Store && t.Name == Dismissed);
}

/// <summary>Which of the first steps are done.</summary>
/// <param name="HasProvider">Whether there is a channel besides the built-in one.</param>
/// <param name="HasKey">Whether anyone has created a key.</param>
/// <param name="HasRequest">Whether a request was charged.</param>
/// <param name="HasPeople">Whether there is a second account or a valid invitation.</param>
/// <param name="HasBackup">Whether a backup exists.</param>
/// <param name="IsDismissed">Whether the actor has hidden the list.</param>
public sealed record FirstStepsProgress(bool HasProvider, bool HasKey, bool HasRequest, bool HasPeople, bool HasBackup, bool IsDismissed)
{
    public const int Steps = 5;

    public int Done => (HasProvider ? 1 : 0) + (HasKey ? 1 : 0) + (HasRequest ? 1 : 0) + (HasPeople ? 1 : 0) + (HasBackup ? 1 : 0);

    /// <summary>Whether there is anything to show.</summary>
    public bool IsOpen => !IsDismissed && Done < Steps;
}
