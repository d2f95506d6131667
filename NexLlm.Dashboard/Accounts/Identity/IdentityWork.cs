using Microsoft.AspNetCore.Identity;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Identity;

/// <summary>Opens Identity's managers, which live in scopes, for services that outlive them.</summary>
public sealed class IdentityManagers(IServiceScopeFactory scopes)
{
    public IdentityWork Begin() => new(scopes.CreateAsyncScope());
}

/// <summary>Identity's managers over one context, for one operation: what they change commits with everything else that it changes.</summary>
public sealed class IdentityWork(AsyncServiceScope scope) : IAsyncDisposable
{
    public NexLlmDbContext Db { get; } = scope.ServiceProvider.GetRequiredService<NexLlmDbContext>();

    public UserManager<Account> Users { get; } = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();

    public AccountSignInManager SignIn => scope.ServiceProvider.GetRequiredService<AccountSignInManager>();

    public RoleManager<IdentityRole<long>> Roles => scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole<long>>>();

    /// <summary>Where this operation's passwords are hashed and checked before the managers ask for them.</summary>
    public PreparedPasswords Passwords { get; } = scope.ServiceProvider.GetRequiredService<PreparedPasswords>();

    /// <exception cref="InvalidOperationException">There is no such account: an id is never given twice, and none is deleted.</exception>
    public async Task<Account> AccountAsync(long id) =>
        await Db.Users.FindAsync(id) ?? throw new InvalidOperationException($"Account {id} does not exist.");

    /// <summary>Where this operation's authenticator keys are sealed and opened before the store asks for them.</summary>
    public AuthenticatorKeys Keys { get; } = scope.ServiceProvider.GetRequiredService<AuthenticatorKeys>();

    public IUserAuthenticatorKeyStore<Account> KeyStore => (IUserAuthenticatorKeyStore<Account>)scope.ServiceProvider.GetRequiredService<IUserStore<Account>>();

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}

internal static class IdentityResults
{
    /// <summary>For what cannot be refused, because everything that a person can get wrong was checked before.</summary>
    /// <exception cref="InvalidOperationException">Identity refused it all the same.</exception>
    public static async Task RequireSuccessAsync(this Task<IdentityResult> result)
    {
        if (await result is { Succeeded: false } refused)
        {
            throw new InvalidOperationException($"Identity refused the change: {refused}");
        }
    }
}
