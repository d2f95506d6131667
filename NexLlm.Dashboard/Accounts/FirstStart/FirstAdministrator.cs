using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.FirstStart;

/// <summary>
/// Creates the first administrator, and no other. The proof is a one-time link,
/// printed where only the person who started the server can see it.
/// </summary>
public sealed class FirstAdministrator(
    AccountCreation creation, AddressLimiter addresses, IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(1);

    private Link? _link;
    private volatile bool _isDone;

    /// <summary>Whether there is no administrator yet.</summary>
    public async Task<bool> IsPendingAsync(CancellationToken cancellation = default)
    {
        if (!_isDone)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            _isDone = await HasAdministratorAsync(db, cancellation);
        }

        return !_isDone;
    }

    /// <summary>Issues a new token and invalidates the previous one. Only its hash is kept.</summary>
    internal string IssueToken()
    {
        var token = OneTimeToken.New();
        _link = new Link(OneTimeToken.Hash(token), clock.GetUtcNow() + LinkLifetime);
        return token;
    }

    public bool IsValid(string? token) =>
        _link is { } link && token is not null && clock.GetUtcNow() < link.Until && CryptographicOperations.FixedTimeEquals(OneTimeToken.Hash(token), link.Hash);

    /// <summary>
    /// Creates the first administrator with the printed link. Of several concurrent
    /// attempts, one succeeds. An invalid entry doesn't use up the link.
    /// </summary>
    public async Task<NewAccountOutcome> SetUpAsync(Actor actor, string? token, NewAccount request, CancellationToken cancellation = default)
    {
        if (addresses.Take(AddressAllowance.SetUp, actor.Address) is { } wait)
        {
            return new NewAccountOutcome.TooMany(wait);
        }

        return IsValid(token) ? await CreateAsync(actor, request, cancellation) : new NewAccountOutcome.LinkRefused();
    }

    /// <summary>Creates the first administrator from the configuration.</summary>
    internal Task<NewAccountOutcome> SetUpUnattendedAsync(NewAccount request, CancellationToken cancellation) =>
        CreateAsync(Actor.Machine, request, cancellation);

    private async Task<NewAccountOutcome> CreateAsync(Actor actor, NewAccount request, CancellationToken cancellation)
    {
        if (creation.Check(request) is { } invalid)
        {
            return invalid;
        }

        var outcome = await creation.CreateAsync(
            actor, request, tokenLimit: null, Roles.Administrator, emailConfirmed: true,
            async (db, stop) => await HasAdministratorAsync(db, stop) ? new NewAccountOutcome.LinkRefused() : null, cancellation);
        if (outcome is NewAccountOutcome.Created)
        {
            _isDone = true;
            _link = null;
        }

        return outcome;
    }

    private static Task<bool> HasAdministratorAsync(NexLlmDbContext db, CancellationToken cancellation) =>
        db.AdministratorIds().AnyAsync(cancellation);

    private sealed record Link(byte[] Hash, DateTimeOffset Until);
}
