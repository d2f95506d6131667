using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Hosting.Settings;

namespace NexLlm.Dashboard.Accounts.LogIn;

/// <summary>
/// Lets a password or a code be tried only so often an hour, and a passkey's question be answered once. A try is written down before the entry is looked at and struck
/// out when it was right, so that tries that race each other count too.
/// </summary>
public sealed class FailedTries(IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    private static readonly TimeSpan _window = TimeSpan.FromHours(1);

    /// <summary>Takes one of the subject's tries, or says when there is one again.</summary>
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

    /// <summary>Strikes a try out, in the caller's transaction: the password was right.</summary>
    public static Task StrikeOutAsync(NexLlmDbContext db, long tryId, CancellationToken cancellation = default) =>
        db.Set<FailedTry>().Where(t => t.Id == tryId).ExecuteDeleteAsync(cancellation);

    public static byte[] ByEmail(string email) => Subject("email", Convert.ToHexString(EmailAddress.Hash(email)));

    public static byte[] ByBrowser(Guid browser) => Subject("browser", browser.ToString());

    public static byte[] ByLogin(Guid session) => Subject("login", session.ToString());

    /// <summary>Codes, from a browser that logged in before.</summary>
    public static byte[] CodesByBrowser(Guid browser) => Subject("codes of browser", browser.ToString());

    /// <summary>Codes for an account, from one network of browsers that never logged in to it.</summary>
    public static byte[] CodesByNetwork(long accountId, IPAddress? address) => Subject("codes of network", $"{accountId} {ClientNetwork.Of(address)}");

    /// <summary>Codes for an account, from all browsers together that never logged in to it.</summary>
    public static byte[] CodesByAccount(long accountId) => Subject("codes of account", $"{accountId}");

    /// <param name="question">A hash of it.</param>
    public static byte[] ByPasskeyQuestion(byte[] question) => Subject("passkey", Convert.ToHexString(question));

    private static byte[] Subject(string kind, string value) => SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{value}"));
}

/// <summary>A try that was taken, or refused.</summary>
/// <param name="Id">The try; null if there is none left.</param>
/// <param name="RetryAfter">When there is one again.</param>
public readonly record struct TryTaken(long? Id, TimeSpan RetryAfter);
