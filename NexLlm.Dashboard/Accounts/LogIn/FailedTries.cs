using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Accounts.LogIn;

/// <summary>
/// Limits attempts per hour at passwords and codes, and allows one answer per passkey challenge. An attempt is recorded before it is
/// checked and removed on success, so concurrent attempts count as well.
/// </summary>
public sealed class FailedTries(IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    private static readonly TimeSpan _window = TimeSpan.FromHours(1);

    /// <summary>Uses one of the subject's attempts, or returns when the next one is available.</summary>
    public async Task<TryTaken> TakeAsync(byte[] subject, int limit, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var since = now - _window;
        await db.Set<FailedTry>().Where(t => t.At <= since).ExecuteDeleteAsync(cancellation);
        var earlier = db.Set<FailedTry>().Where(t => t.Subject == subject);
        if (await earlier.CountAsync(cancellation) >= limit)
        {
            var oldest = await earlier.MinAsync(t => t.At, cancellation);
            return new TryTaken(null, oldest + _window - now);
        }

        var taken = db.Add(new FailedTry { Subject = subject, At = now }).Entity;
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return new TryTaken(taken.Id, TimeSpan.Zero);
    }

    /// <summary>Removes a successful attempt, in the caller's transaction.</summary>
    public static Task StrikeOutAsync(NexLlmDbContext db, long tryId, CancellationToken cancellation = default) =>
        db.Set<FailedTry>().Where(t => t.Id == tryId).ExecuteDeleteAsync(cancellation);

    public static byte[] ByEmail(string email) => Subject("email", Convert.ToHexString(EmailAddress.Hash(email)));

    public static byte[] ByBrowser(Guid browser) => Subject("browser", browser.ToString());

    public static byte[] ByLogin(Guid session) => Subject("login", session.ToString());

    /// <summary>Codes entered in a known browser.</summary>
    public static byte[] CodesByBrowser(Guid browser) => Subject("codes of browser", browser.ToString());

    /// <summary>Codes for an account from the unknown browsers of one network.</summary>
    public static byte[] CodesByNetwork(long accountId, IPAddress? address) => Subject("codes of network", $"{accountId} {ClientNetwork.Of(address)}");

    /// <summary>Codes for an account from all unknown browsers.</summary>
    public static byte[] CodesByAccount(long accountId) => Subject("codes of account", $"{accountId}");

    /// <param name="question">A hash of the challenge.</param>
    public static byte[] ByPasskeyQuestion(byte[] question) => Subject("passkey", Convert.ToHexString(question));

    private static byte[] Subject(string kind, string value) => SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{value}"));
}

/// <summary>An attempt that was allowed or rejected.</summary>
/// <param name="Id">The attempt's ID; null if none is left.</param>
/// <param name="RetryAfter">The time until the next attempt is available.</param>
public readonly record struct TryTaken(long? Id, TimeSpan RetryAfter);
