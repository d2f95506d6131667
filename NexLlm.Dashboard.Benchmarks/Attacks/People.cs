using System.Net;
using NexLlm.Dashboard.Tests.Accounts;

namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary>An administrator and another account, logged in, each from an address of their own.</summary>
/// <param name="Administrator">The cookies of the administrator's session.</param>
/// <param name="Member">The cookies of the other account's session.</param>
/// <param name="LogIn">The administrator's log-in form, filled in.</param>
internal sealed record People(string Administrator, string Member, LogInForm LogIn)
{
    public const string LogInPath = "/account/login";

    /// <summary>Those whom a <see cref="BareTarget"/> does not ask for anything.</summary>
    public static People Anybody { get; } = new("a=1", "b=2", new LogInForm(LogInPath, [], "c=3"));

    public static async Task<People> ComeAsync(Uri server)
    {
        using var administrator = new AccountVisitor(server, Loopback.Administrator);
        var form = await administrator.FillInAsync(server, Gateway.Servers.Dashboard.AdminEmail, Gateway.Servers.Dashboard.AdminPassword);
        await EnsureAsync(administrator.LogInAsync(Gateway.Servers.Dashboard.AdminEmail, Gateway.Servers.Dashboard.AdminPassword));
        using var member = new AccountVisitor(server, Loopback.Member);
        await EnsureAsync(member.SignUpAsync("member@example.com"));
        return new People(administrator.CookieHeader(server), member.CookieHeader(server), form);
    }

    /// <summary>Both forms lead to another page when they succeed.</summary>
    public static async Task EnsureAsync(Task<HttpResponseMessage> submitted)
    {
        using var answer = await submitted;
        if (answer.StatusCode is not HttpStatusCode.Redirect)
        {
            throw new InvalidOperationException($"{answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode}.");
        }
    }
}
