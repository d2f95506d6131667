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
/// Identity's sign-in manager with sessions stored as rows. The services decide who may try
/// to log in, and how often; this class verifies the credentials and issues the cookies.
/// </summary>
public sealed class AccountSignInManager(
    UserManager<Account> users, PageHttpContextAccessor context, IUserClaimsPrincipalFactory<Account> claims, IOptions<IdentityOptions> options,
    ILogger<SignInManager<Account>> log, IAuthenticationSchemeProvider schemes, IUserConfirmation<Account> confirmation,
    KnownBrowsers browsers, IServiceScopeFactory scopes)
    : SignInManager<Account>(users, context, claims, options, log, schemes, confirmation)
{
    /// <summary>Checks the password first, so that strangers can't find out whether an account is disabled.</summary>
    public override async Task<SignInResult> CheckPasswordSignInAsync(Account user, string password, bool lockoutOnFailure) =>
        await UserManager.CheckPasswordAsync(user, password) ? await PreSignInCheck(user) ?? SignInResult.Success : SignInResult.Failed;

    public override async Task<bool> CanSignInAsync(Account user) => user.DisabledAt is null && await base.CanSignInAsync(user);

    /// <summary>Stores in a cookie for five minutes that the password was correct and the second factor is pending.</summary>
    public Task AskSecondFactorAsync(StampedAccount account) => Context.SignInAsync(
        IdentityConstants.TwoFactorUserIdScheme,
        new ClaimsPrincipal(new ClaimsIdentity(
            [
                // Uses Identity's claim types, so that Identity's own methods can read the cookie.
                new Claim(ClaimTypes.Name, account.Id.ToString(CultureInfo.InvariantCulture)),
                new Claim(Options.ClaimsIdentity.SecurityStampClaimType, account.Stamp),
            ],
            IdentityConstants.TwoFactorUserIdScheme)));

    /// <summary>The account whose second factor is pending in this browser; null if there is none or it expired.</summary>
    public Task<StampedAccount?> FindAskedAsync() => ReadAsync(IdentityConstants.TwoFactorUserIdScheme);

    /// <summary>The account for which this browser remembers the second factor; null if there is none or it is older than 30 days.</summary>
    public Task<StampedAccount?> FindRememberedAsync() => ReadAsync(IdentityConstants.TwoFactorRememberMeScheme);

    /// <summary>Issues the cookie of a new session and marks the browser as known for this account.</summary>
    /// <param name="remember">Whether the browser can skip the account's second factor for a while.</param>
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
    /// A hash of the browser's last passkey challenge, which Identity keeps in the
    /// two-factor cookie; null if there is no such challenge or the cookie has expired.
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

        // Uses a separate handler, because the request's own has read the browser's previous cookie and would reuse its session ID.
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

/// <summary>Identity's names for the two kinds of passkey challenges.</summary>
internal static class PasskeyQuestions
{
    public const string Attestation = nameof(Attestation);

    public const string Assertion = nameof(Assertion);
}
