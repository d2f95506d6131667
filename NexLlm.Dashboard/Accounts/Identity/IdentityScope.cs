using Microsoft.AspNetCore.Identity;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Identity;

/// <summary>Creates Identity's scoped managers for services with a longer lifetime.</summary>
public sealed class IdentityManagers(IServiceScopeFactory scopes)
{
    public IdentityScope Begin() => new(scopes.CreateAsyncScope());
}

/// <summary>Identity's managers on a shared context for one operation: their changes commit together with all others.</summary>
public sealed class IdentityScope(AsyncServiceScope scope) : IAsyncDisposable
{
    public NexLlmDbContext Db { get; } = scope.ServiceProvider.GetRequiredService<NexLlmDbContext>();

    public UserManager<Account> Users { get; } = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();

    public AccountSignInManager SignIn => scope.ServiceProvider.GetRequiredService<AccountSignInManager>();

    public RoleManager<IdentityRole<long>> Roles => scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole<long>>>();

    /// <summary>Hashes and checks this operation's passwords before the managers need the results.</summary>
    public PrecomputedPasswordHasher Passwords { get; } = scope.ServiceProvider.GetRequiredService<PrecomputedPasswordHasher>();

    /// <exception cref="InvalidOperationException">The account doesn't exist. IDs are
    /// never reused and accounts never deleted, so this is unexpected.</exception>
    public async Task<Account> AccountAsync(long id) =>
        await Db.Users.FindAsync(id) ?? throw new InvalidOperationException($"Account {id} does not exist.");

    /// <summary>Encrypts and decrypts this operation's authenticator keys before the store needs them.</summary>
    public AuthenticatorKeys Keys { get; } = scope.ServiceProvider.GetRequiredService<AuthenticatorKeys>();

    public IUserAuthenticatorKeyStore<Account> KeyStore => (IUserAuthenticatorKeyStore<Account>)scope.ServiceProvider.GetRequiredService<IUserStore<Account>>();

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}

internal static class IdentityResults
{
    /// <summary>For operations that can't fail because all user input was validated before.</summary>
    /// <exception cref="InvalidOperationException">Identity reported an error nevertheless.</exception>
    public static async Task RequireSuccessAsync(this Task<IdentityResult> result)
    {
        if (await result is { Succeeded: false } refused)
        {
            throw new InvalidOperationException($"Identity refused the change: {refused}");
        }
    }
}
