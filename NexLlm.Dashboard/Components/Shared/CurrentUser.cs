using System.Net;
using Microsoft.AspNetCore.Components.Authorization;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>
/// The user of this circuit: the session, its IP address, the time zone and the selected theme. One per circuit, initialized by
/// <c>Routes</c> from the page request.
/// </summary>
public sealed class CurrentUser(AuthenticationStateProvider authentication)
{
    /// <summary>The browser's address; null if unknown.</summary>
    public IPAddress? Address { get; internal set; }

    /// <summary>From the browser's <c>tz</c> cookie; UTC if there is none.</summary>
    public TimeZoneInfo Zone { get; internal set; } = TimeZoneInfo.Utc;

    /// <summary>From the <c>theme</c> cookie.</summary>
    public ThemeChoice Theme { get; internal set; }

    /// <summary>The actor, for a service's first argument.</summary>
    /// <exception cref="AccessDeniedException">No one is logged in.</exception>
    public async Task<Actor> ActorAsync() =>
        (await authentication.GetAuthenticationStateAsync()).User.ToActor(Address) ?? throw new AccessDeniedException("Log in to continue.");
}
