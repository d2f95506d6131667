using System.CommandLine;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.BreakGlass;
using NexLlm.Dashboard.Accounts.FirstStart;
using NexLlm.Dashboard.Accounts.History;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Passkeys;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Accounts.Reauthentication;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Accounts.SingleSignOn;
using NexLlm.Dashboard.Accounts.TwoStep;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Accounts;

public static class AccountsSetup
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddSettings<AccountsOptions>(AccountsOptions.Section);
        services.AddSingleton<IValidateOptions<AccountsOptions>, BreachedPasswordsValidator>();
        services.AddSingleton(provider => new SecondFactorPolicy(provider.GetRequiredService<IOptions<AccountsOptions>>().Value.SecondFactor));
        services.AddSettings<SetupOptions>(SetupOptions.Section);
        services.AddSingleton<IValidateOptions<SetupOptions>, SetupOptionsRules>();

        // Registered before Identity adds its own.
        services.AddScoped<PrecomputedPasswordHasher>();
        services.AddScoped<IPasswordHasher<Account>>(provider => provider.GetRequiredService<PrecomputedPasswordHasher>());
        services.AddScoped<IPasswordValidator<Account>, AccountPasswordValidator>();
        services.AddScoped<AuthenticatorKeys>();
        services.AddScoped<IUserStore<Account>, AccountStore>();
        services.AddIdentityCore<Account>(identity =>
            {
                // Required for passkeys.
                identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                identity.User.RequireUniqueEmail = true;
                identity.User.AllowedUserNameCharacters = "";
                identity.Tokens.PasswordResetTokenProvider = ResetLinks.ProviderName;
            })
            .AddRoles<IdentityRole<long>>()
            .AddEntityFrameworkStores<NexLlmDbContext>()
            .AddUserManager<AccountManager>()
            .AddSignInManager<AccountSignInManager>()
            .AddTokenProvider<ResetLinks>(ResetLinks.ProviderName)
            .AddTokenProvider<AuthenticatorCodes>(TokenOptions.DefaultAuthenticatorProvider);
        // With an accessor registered, the server can't reuse request objects, which would slow down every API request.
        services.RemoveAll<IHttpContextAccessor>();
        services.AddSingleton<PageHttpContextAccessor>();
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = PasswordHashing.Iterations);

        // Read once, so that one instance can be shared by all scopes.
        services.AddSingleton(provider => new PasswordHashing(
            new PasswordHasher<Account>(provider.GetRequiredService<IOptions<PasswordHasherOptions>>()),
            provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
        services.AddSingleton<IdentityManagers>();
        services.AddSingleton<BreachedPasswords>();
        services.AddSingleton<AccountCreation>();
        services.AddSingleton<AccountService>();
        services.AddSingleton<AccountChanges>();
        services.AddSingleton<AccountList>();
        services.AddSingleton<AccountQuotas>();
        services.AddSingleton<AccountAccess>();
        services.AddSingleton<ChangeHistory>();
        services.AddSingleton<InvitationService>();
        services.AddSingleton<PasswordResets>();
        services.AddSingleton<AccountDirectory>();
        services.AddSingleton<AddressLimiter>();
        services.AddSingleton<FailedTries>();
        services.AddSingleton<KnownBrowsers>();
        services.AddSingleton<LogInService>();
        services.AddSingleton<SignUpService>();
        services.AddSingleton<FirstAdministrator>();
        services.AddPasskeys();
        services.AddHostedService<SetupAtStart>();
        services.AddSingleton<Command, GrantCommand>();
        services.AddSingleton<Command, SetPasswordCommand>();
        services.AddSingleton<TwoStepService>();
        services.AddSingleton<SecondFactorService>();
        services.AddSingleton<ReauthenticationService>();
        services.AddSingleton<AccountFactors>();
        services.AddSingleton<Command, ResetFactorsCommand>();
        services.AddSingleSignOn();
        services.AddSingleton<IValidateOptions<AccountsOptions>, PasswordLogInRules>();
        services.AddSingleton<BreakGlassLinks>();
        services.AddSingleton<Command, BreakGlassCommand>();
        return services.AddSessions();
    }

    /// <summary>Adds authentication, authorization and the guard of Blazor's hub.</summary>
    public static void UseAccounts(this WebApplication app)
    {
        app.UsePrefixedFormCookie();
        app.Use(PageHttpContextAccessor.FollowAsync);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<HubGuard>();
        app.UseMiddleware<HashingBusyMiddleware>();
        app.UseMiddleware<ReauthenticationMiddleware>();
    }

    /// <summary>Maps the account endpoints that aren't pages.</summary>
    public static void MapAccounts(this WebApplication app)
    {
        app.MapPost("/account/logout", LogOutAsync);
        app.MapPasskeys();
        SingleSignOnEndpoints.Map(app);
    }

    private static void AddPasskeys(this IServiceCollection services)
    {
        services.AddSingleton<PasskeyCeremonies>();
        services.AddSingleton<PasskeyService>();
        services.AddSingleton<PasskeyLogIn>();
        services.Configure<IdentityPasskeyOptions>(passkeys =>
        {
            // A passkey replaces both password and second factor, and is found without an email.
            passkeys.UserVerificationRequirement = "required";
            passkeys.ResidentKeyRequirement = "required";
            passkeys.AttestationConveyancePreference = "none";
            passkeys.ValidateOrigin = PasskeyAddress.IsOwnOriginAsync;
        });
    }

    private static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<HostPrefixedCookies>();
        services.AddSingleton<LoginSessions>();
        services.AddSingleton<SessionService>();
        services.AddSingleton<LiveConnections>();
        services.AddSingleton<TabLimitFilter>();
        services.AddHostedService<SessionWatcher>();
        services.AddSingleton<CircuitOwners>();
        services.Configure<HubOptions>(hub =>
        {
            hub.AddFilter<CircuitOwners>();
            hub.AddFilter<TabLimitFilter>();
            // The framework's default limit, on which everything that normalizes or searches page input relies.
            hub.MaximumReceiveMessageSize = 32 * 1_024;
        });
        services.AddScoped<AuthenticationStateProvider, SessionAuthenticationStateProvider>();

        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.AddSingleton<SessionTickets>();
        services.AddSingleton<LegacyCookies>();
        services.AddSingleton<IPostConfigureOptions<CookieAuthenticationOptions>, SessionCookie>();
        services.AddAuthorization();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = AntiforgeryCookie.Name;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        return services;
    }

    private static async Task<IResult> LogOutAsync(
        HttpContext context, IAntiforgery antiforgery, SessionService sessions, ProviderLogOut providers, AccountSignInManager signIn)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        var actor = context.User.ToActor(context.Connection.RemoteIpAddress) ?? Actor.Visitor(null);
        var elsewhere = await providers.PageAsync(actor.SessionId, context.RequestAborted);
        try
        {
            await sessions.LogOutAsync(actor, context.RequestAborted);
        }
        catch (AccessDeniedException)
        {
            // The session has already ended, as intended.
        }

        await signIn.SignOutAsync();
        return Results.LocalRedirect("~" + (elsewhere ?? SessionCookie.LogInPath));
    }
}
