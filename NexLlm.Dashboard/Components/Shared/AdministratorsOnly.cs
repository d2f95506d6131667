using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Profile;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>For pages that exist for administrators alone. Their services refuse everybody else anyway.</summary>
public sealed class AdministratorsOnly(CurrentUser user, AccountService accounts, NavigationManager navigation)
{
    /// <summary>Who acts; null for everybody else, to whom the page is not found.</summary>
    /// <exception cref="AccessDeniedException">Nobody is logged in.</exception>
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
