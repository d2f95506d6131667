using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Sessions;

namespace NexLlm.Dashboard.Accounts.Identity;

/// <summary>
/// Identity's log-in with sessions that are rows. Who may try, how often and how fast is decided before it, by the services that take
/// an actor; it decides whether what somebody shows is right, and gives the browser its cookies.
/// </summary>
public sealed class AccountSignInManager(
    UserManager<Account> users, PageContextAccessor context, IUserClaimsPrincipalFactory<Account> claims, IOptions<IdentityOptions> options,
    ILogger<SignInManager<Account>> log, IAuthenticationSchemeProvider schemes, IUserConfirmation<Account> confirmation,
    KnownBrowsers browsers, IServiceScopeFactory scopes)
    : SignInManager<Account>(users, context, claims, options, log, schemes, confirmation)
{
    /// <summary>The password first: a stranger is not to learn that an account is disabled.</summary>
    public override async Task<SignInResult> CheckPasswordSignInAsync(Account user, string password, bool lockoutOnFailure) =>
        await UserManager.CheckPasswordAsync(user, password) ? await PreSignInCheck(user) ?? SignInResult.Success : SignInResult.Failed;

    public override async Task<bool> CanSignInAsync(Account user) => user.DisabledAt is null && await base.CanSignInAsync(user);

    /// <summary>Notes in the browser, for five minutes, that its person knows the password and has yet to show the second factor.</summary>
    public Task AskSecondFactorAsync(StampedAccount account) => Context.SignInAsync(
        IdentityConstants.TwoFactorUserIdScheme,
        new ClaimsPrincipal(new ClaimsIdentity(
            [
                // As Identity names them, so that its own methods read the cookie too.
                new Claim(ClaimTypes.Name, account.Id.ToString(CultureInfo.InvariantCulture)),
                new Claim(Options.ClaimsIdentity.SecurityStampClaimType, account.Stamp),
            ],
            IdentityConstants.TwoFactorUserIdScheme)));

    /// <summary>Whose second factor the browser is asked for; null if nobody's, or no longer.</summary>
    public Task<StampedAccount?> FindAskedAsync() => ReadAsync(IdentityConstants.TwoFactorUserIdScheme);

    /// <summary>Whose second factor the browser showed when it was to be remembered; null if nobody's, or more than 30 days ago.</summary>
    public Task<StampedAccount?> FindRememberedAsync() => ReadAsync(IdentityConstants.TwoFactorRememberMeScheme);

    /// <summary>Gives the browser the login that was just begun, and marks it as one that has logged in to this account.</summary>
    /// <param name="remember">Whether it need not show the account's second factor again for a while.</param>
    public async Task EnterAsync(NewLogin login, bool remember = false)
    {
        var account = await UserManager.FindByIdAsync(login.AccountId.ToString(CultureInfo.InvariantCulture))
            ?? throw new InvalidOperationException($"Account {login.AccountId} does not exist.");
        await SignInWithClaimsAsync(
            account,
            new AuthenticationProperties { IsPersistent = true, ExpiresUtc = login.Until },
            [new Claim(SessionClaims.SessionId, login.SessionId.ToString())]);
        browsers.Remember(Context, login.Email);
        await Context.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
        if (remember)
        {
            await RememberTwoFactorClientAsync(account);
        }
    }

    /// <summary>
    /// A hash of what this browser was last asked about a passkey, which Identity keeps in the cookie of a log-in's second step; null if
    /// it was asked nothing of this kind within the cookie's time.
    /// </summary>
    /// <param name="operation">One of <see cref="PasskeyQuestions"/>.</param>
    internal async Task<byte[]?> PasskeyQuestionAsync(string operation)
    {
        var asked = (await Context.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme)).Properties?.Items;
        return asked is not null
            && asked.TryGetValue("PasskeyOperation", out var of) && of == operation
            && asked.TryGetValue("PasskeyState", out var state) && state is not null
                ? SHA256.HashData(Encoding.UTF8.GetBytes(state))
                : null;
    }

    public override async Task SignInWithClaimsAsync(Account user, AuthenticationProperties? authenticationProperties, IEnumerable<Claim> additionalClaims)
    {
        var principal = await CreateUserPrincipalAsync(user);
        ((ClaimsIdentity)principal.Identity!).AddClaims(additionalClaims);

        // By a handler of its own. The request's has read the cookie that the browser came with, and would keep its session's id.
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IAuthenticationService>()
            .SignInAsync(Context, AuthenticationScheme, principal, authenticationProperties ?? new AuthenticationProperties());
        Context.User = principal;
    }

    private async Task<StampedAccount?> ReadAsync(string scheme) =>
        (await Context.AuthenticateAsync(scheme)).Principal is { } shown
        && long.TryParse(shown.FindFirstValue(ClaimTypes.Name), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && shown.FindFirstValue(Options.ClaimsIdentity.SecurityStampClaimType) is { } stamp
            ? new StampedAccount(id, stamp)
            : null;
}

/// <summary>What Identity calls the two things that it asks a browser about passkeys.</summary>
internal static class PasskeyQuestions
{
    public const string Attestation = nameof(Attestation);

    public const string Assertion = nameof(Assertion);
}
