using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>Provides the current user to components. When the session ends, a tab sees a visitor and redirects to the login page.</summary>
internal sealed class SessionAuthenticationStateProvider : AuthenticationStateProvider, IHostEnvironmentAuthenticationStateProvider, IDisposable
{
    private static readonly Task<AuthenticationState> _visitor = Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity())));

    private readonly LiveConnections _connections;
    private Task<AuthenticationState> _state = _visitor;

    public SessionAuthenticationStateProvider(LiveConnections connections)
    {
        _connections = connections;
        _connections.Ended += OnEnded;
    }

    public override Task<AuthenticationState> GetAuthenticationStateAsync() => _state;

    public void SetAuthenticationState(Task<AuthenticationState> authenticationStateTask)
    {
        _state = authenticationStateTask;
        NotifyAuthenticationStateChanged(authenticationStateTask);
    }

    public void Dispose() => _connections.Ended -= OnEnded;

    private void OnEnded(Guid session)
    {
        if (_state is { IsCompletedSuccessfully: true, Result.User: var user } && user.ToActor(address: null)?.SessionId == session)
        {
            SetAuthenticationState(_visitor);
        }
    }
}
