using Microsoft.AspNetCore.Identity;

namespace NexLlm.Dashboard.Accounts.Passwords;

/// <summary>
/// Identity hashes on the thread that asks, which by then holds the database's only write transaction. So a password is hashed and
/// checked before that, when its turn comes, and Identity looks up here what came of it. One for each operation.
/// </summary>
public sealed class PreparedPasswords(PasswordHashing hashing) : IPasswordHasher<Account>
{
    private readonly Dictionary<string, string> _hashes = [];
    private readonly Dictionary<(string Hash, string Password), PasswordVerificationResult> _checks = [];

    /// <summary>Prepares a password that is about to be set.</summary>
    /// <exception cref="HashingBusyException">Too many wait already.</exception>
    public async Task HashAsync(string password, HashingLane lane, CancellationToken cancellation) =>
        _hashes[password] = await hashing.HashAsync(password, lane, cancellation);

    /// <summary>Prepares the check of a password.</summary>
    /// <param name="hash">The stored hash; null if there is no such account, which takes as long and fails.</param>
    /// <param name="password">As it was typed.</param>
    /// <param name="lane">Who waits behind whom.</param>
    /// <param name="cancellation">Whoever waits may leave.</param>
    /// <returns>Whether it is right, as of that hash.</returns>
    /// <exception cref="HashingBusyException">Too many wait already.</exception>
    public async Task<bool> CheckAsync(string? hash, string password, HashingLane lane, CancellationToken cancellation)
    {
        var result = await hashing.VerifyAsync(hash, password, lane, cancellation);
        if (result is PasswordVerificationResult.SuccessRehashNeeded)
        {
            await HashAsync(password, lane, cancellation);
        }

        if (hash is not null)
        {
            _checks[(hash, password)] = result;
        }

        return result is not PasswordVerificationResult.Failed;
    }

    public string HashPassword(Account user, string password) =>
        _hashes.TryGetValue(password, out var hash) ? hash : throw new InvalidOperationException("A password is hashed before the transaction that sets it.");

    /// <summary>What the check found. If the account has another hash by now, the password is wrong.</summary>
    public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword) =>
        _checks.GetValueOrDefault((hashedPassword, providedPassword), PasswordVerificationResult.Failed);
}
