using System.Net;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.SingleSignOn;

internal static class SingleSignOnVisits
{
    /// <summary>Goes to the provider and back as a browser does, up to the first page of the dashboard that is none of the way.</summary>
    public static Task<HttpResponseMessage> LogInWithAsync(this AccountVisitor visitor, string provider, string returnUrl = "/") =>
        visitor.GoAsync($"/account/sso/{provider}?returnUrl={Uri.EscapeDataString(returnUrl)}");

    /// <summary>Follows redirects as long as they are of the way to a provider and back.</summary>
    /// <param name="until">Stops before an address that has this in it.</param>
    public static async Task<HttpResponseMessage> GoAsync(this AccountVisitor visitor, string path, string? until = null)
    {
        var answer = await visitor.GetAsync(path);
        for (var steps = 0; steps < 10 && Next(answer) is { } next && (until is null || !next.Contains(until, StringComparison.Ordinal)); steps++)
        {
            answer = await visitor.GetAsync(next);
        }

        return answer;
    }

    /// <summary>The reason in the address to which somebody was sent back; null if it has none.</summary>
    public static string? Failure(this HttpResponseMessage answer) =>
        AccountVisitor.Target(answer)?.Split("sso=") is [_, var reason] ? reason.Split('&')[0] : null;

    public static async Task<Account?> AccountAsync(this NexLlmApp app, string email)
    {
        await using var db = await app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(a => a.Email == email, TestContext.Current.CancellationToken);
    }

    public static async Task ChangeAsync(this NexLlmApp app, string email, Action<Account> change)
    {
        await using var db = await app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        change(await db.Users.SingleAsync(a => a.Email == email, TestContext.Current.CancellationToken));
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private static string? Next(HttpResponseMessage answer)
    {
        if (answer is not { StatusCode: HttpStatusCode.Redirect, Headers.Location: { } to, RequestMessage.RequestUri: { } from })
        {
            return null;
        }

        var target = new Uri(from, to);
        return target.Authority != from.Authority || target.AbsolutePath.Contains("/account/sso/", StringComparison.Ordinal) ? target.ToString() : null;
    }
}
