using System.Diagnostics;
using Microsoft.AspNetCore.Identity;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Hosting.Settings;

namespace NexLlm.Dashboard.Accounts.Passwords;

/// <summary>
/// Hashes and checks passwords. Each takes a core for a tenth of a second, so only half of the cores ever do it, and
/// whoever comes next waits here without holding a thread. Addresses and accounts take turns.
/// </summary>
/// <param name="hasher">Does the work.</param>
/// <param name="stopping">Whoever still waits then is turned away.</param>
public sealed class PasswordHashing(IPasswordHasher<Account> hasher, CancellationToken stopping = default)
{
    /// <summary>Rounds of PBKDF2 with HMAC-SHA512.</summary>
    public const int Iterations = 210_000;

    /// <summary>How many may wait for each slot: about ten seconds of work.</summary>
    internal const int MaxWaitingPerSlot = 100;

    private static readonly Account _anybody = new();
    private static readonly int _slotCount = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly FairSlots _slots = new(_slotCount, _slotCount * MaxWaitingPerSlot);
    private readonly Lazy<string> _nobodysHash = new(() => hasher.HashPassword(_anybody, Guid.NewGuid().ToString()));
    /// <summary>How many wait now.</summary>
    internal int Waiting => _slots.Waiting;

    private long _lastTook = TimeSpan.FromMilliseconds(100).Ticks;

    /// <param name="password">As it was typed, checked by <see cref="PasswordRules"/>.</param>
    /// <param name="lane">Who waits behind whom.</param>
    /// <param name="cancellation">Whoever waits may leave; the work itself runs to its end.</param>
    /// <exception cref="HashingBusyException">Too many wait already.</exception>
    public Task<string> HashAsync(string password, HashingLane lane, CancellationToken cancellation = default) =>
        InTurnAsync(() => hasher.HashPassword(_anybody, PasswordRules.Normalize(password)), lane, cancellation);

    /// <param name="hash">The stored hash; null if there is no such account, which takes as long and fails.</param>
    /// <param name="password">As it was typed. What is longer than any password fails at once.</param>
    /// <param name="lane">Who waits behind whom.</param>
    /// <param name="cancellation">Whoever waits may leave; the check itself runs to its end.</param>
    /// <exception cref="HashingBusyException">Too many wait already.</exception>
    public async Task<PasswordVerificationResult> VerifyAsync(
        string? hash, string password, HashingLane lane, CancellationToken cancellation = default)
    {
        if (password.Length > PasswordRules.MaxTypedLength)
        {
            return PasswordVerificationResult.Failed;
        }

        var result = await InTurnAsync(
            () => hasher.VerifyHashedPassword(_anybody, hash ?? _nobodysHash.Value, PasswordRules.Normalize(password)), lane, cancellation);
        return hash is null ? PasswordVerificationResult.Failed : result;
    }

    private async Task<T> InTurnAsync<T>(Func<T> work, HashingLane lane, CancellationToken cancellation)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping);
        if (!await _slots.TryEnterAsync(lane.Name, leaving.Token))
        {
            throw new HashingBusyException(new TimeSpan(Volatile.Read(ref _lastTook)) * _slots.Waiting / _slotCount);
        }

        try
        {
            var since = Stopwatch.GetTimestamp();
            // On a thread of its own: the pool has one for each core, and one that hashes answers nobody.
            var result = await Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            Volatile.Write(ref _lastTook, Stopwatch.GetElapsedTime(since).Ticks);
            return result;
        }
        finally
        {
            _slots.Exit();
        }
    }
}

/// <summary>The queue in which somebody waits for a password to be hashed.</summary>
public readonly record struct HashingLane(string Name)
{
    /// <summary>A logged-in account waits behind itself only, anybody else behind their network.</summary>
    public static HashingLane Of(Actor actor) =>
        new(actor.IsMachine ? "machine" : actor.AccountId is { } id ? $"account {id}" : $"address {ClientNetwork.Of(actor.Address)}");

    /// <summary>A browser that logged in before does not wait behind its neighbours.</summary>
    public static HashingLane Of(Guid browser) => new($"browser {browser:N}");
}

/// <summary>More passwords wait to be hashed than is reasonable.</summary>
public sealed class HashingBusyException(TimeSpan retryAfter) : Exception("Too many login attempts at once.")
{
    /// <summary>When those that wait now will be done.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
