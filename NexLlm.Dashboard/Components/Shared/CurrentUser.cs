using System.Net;
using Microsoft.AspNetCore.Components.Authorization;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>
/// The person before this screen: the login that acts, the address it comes from, the time zone it reads clocks in and the theme it chose.
/// One a circuit, filled in by <c>Routes</c> from what the server saw when the page was asked for.
/// </summary>
public sealed class CurrentUser(AuthenticationStateProvider authentication)
{
    /// <summary>The browser's address, null if unknown.</summary>
    public IPAddress? Address { get; internal set; }

    /// <summary>From the browser's <c>tz</c> cookie; UTC until there is one.</summary>
    public TimeZoneInfo Zone { get; internal set; } = TimeZoneInfo.Utc;

    /// <summary>From the <c>theme</c> cookie.</summary>
    public ThemeChoice Theme { get; internal set; }

    /// <summary>Who acts, for a service's first argument.</summary>
    /// <exception cref="AccessDeniedException">Nobody is logged in.</exception>
    public async Task<Actor> ActorAsync() =>
        (await authentication.GetAuthenticationStateAsync()).User.ToActor(Address) ?? throw new AccessDeniedException("Log in to continue.");
}
