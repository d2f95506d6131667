using System.Diagnostics;
using Microsoft.AspNetCore.Identity;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Accounts.Passwords;

/// <summary>
/// Hashes and verifies passwords. Each operation occupies a core for a tenth of a second, so only half of the cores are used; further
/// callers wait without blocking a thread. Addresses and accounts take turns.
/// </summary>
/// <param name="hasher">The hasher to use.</param>
/// <param name="stopping">Rejects all waiting callers when canceled.</param>
public sealed class PasswordHashing(IPasswordHasher<Account> hasher, CancellationToken stopping = default)
{
    /// <summary>The rounds of PBKDF2 with HMAC-SHA512.</summary>
    public const int Iterations = 210_000;

    /// <summary>The maximum number of waiting callers per slot: about ten seconds of work.</summary>
    internal const int MaxWaitingPerSlot = 100;

    private static readonly Account _anybody = new();
    private static readonly int _slotCount = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly FairSemaphore _slots = new(_slotCount, _slotCount * MaxWaitingPerSlot);
    private readonly Lazy<string> _nobodysHash = new(() => hasher.HashPassword(_anybody, Guid.NewGuid().ToString()));
    /// <summary>The number of waiting callers.</summary>
    internal int Waiting => _slots.Waiting;

    private long _lastTook = TimeSpan.FromMilliseconds(100).Ticks;

    /// <param name="password">As entered, validated by <see cref="PasswordRules"/>.</param>
    /// <param name="lane">The lane to wait in.</param>
    /// <param name="cancellation">Cancels waiting; hashing itself always completes.</param>
    /// <exception cref="HashingBusyException">Too many callers are already waiting.</exception>
    public Task<string> HashAsync(string password, HashingLane lane, CancellationToken cancellation = default) =>
        InTurnAsync(() => hasher.HashPassword(_anybody, PasswordRules.Normalize(password)), lane, cancellation);

    /// <param name="hash">The stored hash; null if the account doesn't exist, which takes just as long and fails.</param>
    /// <param name="password">As entered. An overlong password fails immediately.</param>
    /// <param name="lane">The lane to wait in.</param>
    /// <param name="cancellation">Cancels waiting; the verification itself always completes.</param>
    /// <exception cref="HashingBusyException">Too many callers are already waiting.</exception>
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
            // Runs on a dedicated thread: the pool has one thread per core, and hashing would block it for requests.
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

/// <summary>The lane in which a caller waits for password hashing.</summary>
public readonly record struct HashingLane(string Name)
{
    /// <summary>A logged-in account waits only behind itself; all others wait with their network.</summary>
    public static HashingLane Of(Actor actor) =>
        new(actor.IsMachine ? "machine" : actor.AccountId is { } id ? $"account {id}" : $"address {ClientNetwork.Of(actor.Address)}");

    /// <summary>A known browser has its own lane and doesn't wait behind its network.</summary>
    public static HashingLane Of(Guid browser) => new($"browser {browser:N}");
}

/// <summary>Too many passwords are waiting to be hashed.</summary>
public sealed class HashingBusyException(TimeSpan retryAfter) : Exception("Too many login attempts at once.")
{
    /// <summary>The estimated time until the waiting passwords are done.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
