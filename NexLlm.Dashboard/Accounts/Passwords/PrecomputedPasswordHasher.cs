using Microsoft.AspNetCore.Identity;

namespace NexLlm.Dashboard.Accounts.Passwords;

/// <summary>
/// Identity hashes synchronously, at a point where the caller already holds the database's only write transaction. Passwords are therefore
/// hashed and verified before the transaction, in their lane, and Identity looks up the results here. One instance per operation.
/// </summary>
public sealed class PrecomputedPasswordHasher(PasswordHashing hashing) : IPasswordHasher<Account>
{
    private readonly Dictionary<string, string> _hashes = [];
    private readonly Dictionary<(string Hash, string Password), PasswordVerificationResult> _checks = [];

    /// <summary>Hashes a password that is about to be set.</summary>
    /// <exception cref="HashingBusyException">Too many callers are already waiting.</exception>
    public async Task HashAsync(string password, HashingLane lane, CancellationToken cancellation) =>
        _hashes[password] = await hashing.HashAsync(password, lane, cancellation);

    /// <summary>Verifies a password in advance.</summary>
    /// <param name="hash">The stored hash; null if the account doesn't exist, which takes just as long and fails.</param>
    /// <param name="password">As entered.</param>
    /// <param name="lane">The lane to wait in.</param>
    /// <param name="cancellation">Cancels waiting.</param>
    /// <returns>Whether the password matches this hash.</returns>
    /// <exception cref="HashingBusyException">Too many callers are already waiting.</exception>
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

    /// <summary>Returns the result of the verification. If the account's hash has changed since, the password counts as wrong.</summary>
    public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword) =>
        _checks.GetValueOrDefault((hashedPassword, providedPassword), PasswordVerificationResult.Failed);
}
