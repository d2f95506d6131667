using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>
/// Stores the tickets of Identity's cookie on the server. The cookie holds a session
/// ID, and the session row determines the account and whether it is still valid.
/// </summary>
internal sealed class SessionTickets(SessionService sessions) : ITicketStore
{
    /// <summary>The row already exists: it was created in the transaction that approved the login.</summary>
    public Task<string> StoreAsync(AuthenticationTicket ticket) =>
        Task.FromResult(ticket.Principal.FindFirstValue(SessionClaims.SessionId) ?? throw new InvalidOperationException("A login begins with a session."));

    /// <summary>No-op: a row is extended when it is read.</summary>
    public Task RenewAsync(string key, AuthenticationTicket ticket) => Task.CompletedTask;

    public async Task<AuthenticationTicket?> RetrieveAsync(string key) =>
        Guid.TryParse(key, out var id) && await sessions.FindLiveAsync(id) is { } account
            ? new AuthenticationTicket(Principal(account, id), new AuthenticationProperties { IsPersistent = true }, IdentityConstants.ApplicationScheme)
            : null;

    public Task RemoveAsync(string key) => Guid.TryParse(key, out var id) ? sessions.EndAsync(id) : Task.CompletedTask;

    /// <summary>The account and the session, and nothing that could become stale.</summary>
    private static ClaimsPrincipal Principal(long account, Guid session) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, account.ToString(CultureInfo.InvariantCulture)),
            new Claim(SessionClaims.SessionId, session.ToString()),
        ],
        IdentityConstants.ApplicationScheme));
}
