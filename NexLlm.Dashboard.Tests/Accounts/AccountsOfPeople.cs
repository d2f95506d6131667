using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts;

internal static class AccountsOfPeople
{
    private static int _address;

    /// <summary>An account with a password, made as people make it, each from an address of its own.</summary>
    public static async Task<NewAccountOutcome.Created> SignUpAsync(this NexLlmApp app, string email, string password = AccountVisitor.Password)
    {
        var visitor = Actor.Visitor(new IPAddress([10, 1, 0, (byte)Interlocked.Increment(ref _address)]));
        var outcome = await app.Services.GetRequiredService<SignUpService>().SignUpAsync(
            visitor, new NewAccount(email, password, "Mozilla/5.0"), TestContext.Current.CancellationToken);
        return Assert.IsType<NewAccountOutcome.Created>(outcome);
    }

    /// <summary>Acts for this person by the last login.</summary>
    public static async Task<Actor> ActorOfAsync(this NexLlmApp app, string email)
    {
        await using var db = await app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        var session = await db.Set<LoginSession>()
            .Where(s => db.Users.Any(a => a.Id == s.AccountId && a.Email == email))
            .OrderByDescending(s => s.CreatedAt).FirstAsync(TestContext.Current.CancellationToken);
        return new Actor(session.AccountId, session.Id, IPAddress.Loopback);
    }

    /// <summary>More quota, given by the machine's operator.</summary>
    public static async Task GrantAsync(this NexLlmApp app, string email, long tokens) => Assert.IsType<QuotaOutcome.Changed>(
        await app.Services.GetRequiredService<AccountQuotas>().GrantAsync(Actor.Machine, email, tokens, TestContext.Current.CancellationToken));

    /// <summary>Every byte of the database's files, write-ahead log included, as if it were text.</summary>
    public static async Task<string> StoredTextAsync(this NexLlmApp app)
    {
        if (TestEngine.IsPostgres)
        {
            return await (await app.Folder.DatabaseAsync()).DumpAsync();
        }

        var text = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(app.Folder.Path, "nexllm.db*").Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            text.Append(await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        return text.ToString();
    }
}
