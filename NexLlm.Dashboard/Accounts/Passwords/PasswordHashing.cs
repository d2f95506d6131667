using Microsoft.AspNetCore.Identity;

namespace NexLlm.Dashboard.Accounts.Passwords;

/// <summary>
/// Hashes and checks passwords. Each takes a core for a tenth of a second, so only half of the cores ever do it, and
/// whoever comes next waits here without holding a thread.
/// </summary>
public sealed class PasswordHashing(IPasswordHasher<Account> hasher) : IDisposable
{
    /// <summary>Rounds of PBKDF2 with HMAC-SHA512.</summary>
    public const int Iterations = 210_000;

    private static readonly Account _anybody = new();

    private readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Lazy<string> _nobodysHash = new(() => hasher.HashPassword(_anybody, Guid.NewGuid().ToString()));

    public Task<string> HashAsync(string password, CancellationToken cancellation = default) =>
        InTurnAsync(() => hasher.HashPassword(_anybody, PasswordRules.Normalize(password)), cancellation);

    /// <param name="hash">The stored hash; null if there is no such account, which takes as long and fails.</param>
    /// <param name="password">As it was typed.</param>
    /// <param name="cancellation">Whoever waits may leave; the check itself runs to its end.</param>
    public async Task<PasswordVerificationResult> VerifyAsync(string? hash, string password, CancellationToken cancellation = default)
    {
        var result = await InTurnAsync(
            () => hasher.VerifyHashedPassword(_anybody, hash ?? _nobodysHash.Value, PasswordRules.Normalize(password)), cancellation);
        return hash is null ? PasswordVerificationResult.Failed : result;
    }

    public void Dispose() => _slots.Dispose();

    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            return await Task.Run(work, CancellationToken.None);
        }
        finally
        {
            _slots.Release();
        }
    }
}
