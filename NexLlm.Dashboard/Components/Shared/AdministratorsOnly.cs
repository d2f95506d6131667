using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Profile;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>For pages only administrators can open. Their services deny everyone else anyway.</summary>
public sealed class AdministratorsOnly(CurrentUser user, AccountService accounts, NavigationManager navigation)
{
    /// <summary>Returns the actor; null for members, who get "Page not found".</summary>
    /// <exception cref="AccessDeniedException">No one is logged in.</exception>
    public async Task<Actor?> EnterAsync()
    {
        var actor = await user.ActorAsync();
        if ((await accounts.GetAsync(actor)).IsAdministrator)
        {
            return actor;
        }

        navigation.NotFound();
        return null;
    }
}
