using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Passkeys;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>A browser as the services of passkeys see it: the host that it asks, and its cookies.</summary>
public sealed class PasskeyBrowser(NexLlmApp app, string host = "keys.example.com") : IDisposable
{
    private readonly PasskeyService _passkeys = app.Services.GetRequiredService<PasskeyService>();
    private readonly PasskeyLogIn _logIn = app.Services.GetRequiredService<PasskeyLogIn>();

    public Dictionary<string, string> Cookies { get; private set; } = [];

    public SoftwareAuthenticator Authenticator { get; } = new($"https://{host}");

    /// <summary>Makes a passkey for the actor and hands it in.</summary>
    public async Task<PasskeyOutcome> AddAsync(Actor actor, string name = "Laptop") =>
        await FinishAddingAsync(actor, Authenticator.Create((await AskForNewAsync(actor))!), name);

    public Task<string?> AskForNewAsync(Actor actor) => RequestAsync(() => _passkeys.BeginAddingAsync(actor, TestContext.Current.CancellationToken));

    public Task<PasskeyOutcome> FinishAddingAsync(Actor actor, string? credential, string name = "Laptop") =>
        RequestAsync(() => _passkeys.AddAsync(actor, credential, name, TestContext.Current.CancellationToken));

    /// <summary>Logs in with its passkey.</summary>
    public async Task<LogInOutcome> LogInAsync(Actor visitor) =>
        await FinishLogInAsync(visitor, Authenticator.Sign((await AskForAsync(visitor)).Options!));

    public Task<PasskeyQuestion> AskForAsync(Actor visitor) => RequestAsync(() => _logIn.BeginAsync(visitor));

    public Task<LogInOutcome> FinishLogInAsync(Actor visitor, string? credential) =>
        RequestAsync(() => _logIn.LogInAsync(visitor, credential, "Mozilla/5.0", TestContext.Current.CancellationToken));

    /// <summary>What is done for one request of this browser.</summary>
    public async Task<T> RequestAsync<T>(Func<Task<T>> ask)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Scheme = "https";
        context.Request.Host = new HostString(host);
        context.Request.Headers.Cookie = string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}"));
        var answer = default(T)!;
        await PageHttpContextAccessor.FollowAsync(context, async _ => answer = await ask());
        Cookies = new(Cookies);
        foreach (var set in context.Response.Headers.SetCookie)
        {
            var (name, value) = set!.Split(';')[0].Split('=', 2) is [var n, var v] ? (n, v) : default;
            Cookies[name] = value;
        }

        return answer;
    }

    public void Dispose() => Authenticator.Dispose();
}
