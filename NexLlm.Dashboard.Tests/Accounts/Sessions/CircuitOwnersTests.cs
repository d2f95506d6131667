using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Sessions;

namespace NexLlm.Dashboard.Tests.Accounts.Sessions;

/// <summary>The hub's methods are called by name, with a hub of the same shape: the framework's own is internal.</summary>
public sealed class CircuitOwnersTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly CircuitOwners _owners;
    private readonly Caller _ada = new(1, Guid.NewGuid());
    private readonly Caller _adaElsewhere = new(1, Guid.NewGuid());
    private readonly Caller _bob = new(2, Guid.NewGuid());

    public CircuitOwnersTests() => _owners = new CircuitOwners(_clock);

    [Fact]
    public async Task A_circuit_is_given_back_to_the_login_that_started_it()
    {
        Assert.Equal("secret", await CallAsync(_ada, "StartCircuit"));
        Assert.Equal(true, await CallAsync(_ada, "ConnectCircuit", "secret"));
        Assert.Equal("resumed", await CallAsync(_ada, "ResumeCircuit", "secret"));
        Assert.Equal(true, await CallAsync(_ada, "ConnectCircuit", "resumed"));
    }

    [Theory]
    [InlineData("ConnectCircuit", false)]
    [InlineData("ResumeCircuit", null)]
    public async Task To_any_other_login_it_is_gone(string method, object? gone)
    {
        await CallAsync(_ada, "StartCircuit");

        foreach (var other in new[] { _bob, _adaElsewhere, new Caller(null, Guid.Empty) })
        {
            var hub = new Hub();
            Assert.Equal(gone, await CallAsync(other, method, hub, "secret"));
            Assert.Equal(0, hub.Calls);
        }

        Assert.Equal(gone, await CallAsync(_ada, method, "never started"));
        Assert.Equal(true, await CallAsync(_ada, "ConnectCircuit", "secret"));
    }

    [Fact]
    public async Task A_circuit_that_was_left_long_ago_is_forgotten()
    {
        await CallAsync(_ada, "StartCircuit");
        await LeaveAsync(_ada);
        _clock.Advance(CircuitOwners.Retention - TimeSpan.FromMilliseconds(1));
        await LeaveAsync(_bob);
        Assert.Equal(true, await CallAsync(_ada, "ConnectCircuit", "secret"));

        await LeaveAsync(_ada);
        _clock.Advance(CircuitOwners.Retention);
        await LeaveAsync(_bob);
        Assert.Equal(false, await CallAsync(_ada, "ConnectCircuit", "secret"));
    }

    internal static Task<AuthenticationState> StateOf(long accountId, Guid sessionId) => Task.FromResult(new AuthenticationState(Principal(accountId, sessionId)));

    private static ClaimsPrincipal Principal(long? accountId, Guid sessionId) => new(accountId is null ? new ClaimsIdentity() : new ClaimsIdentity(
        [new(ClaimTypes.NameIdentifier, accountId.Value.ToString(CultureInfo.InvariantCulture)), new(SessionClaims.SessionId, sessionId.ToString())], "test"));

    private Task<object?> CallAsync(Caller caller, string method, params object[] arguments) => CallAsync(caller, method, new Hub(), arguments);

    private async Task<object?> CallAsync(Caller caller, string method, Hub hub, params object[] arguments)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        var context = new HubInvocationContext(caller, services, hub, typeof(Hub).GetMethod(method)!, arguments);
        return await _owners.InvokeMethodAsync(context, c => new ValueTask<object?>(c.HubMethod.Invoke(hub, [.. c.HubMethodArguments])));
    }

    private async Task LeaveAsync(Caller caller)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await _owners.OnDisconnectedAsync(new HubLifetimeContext(caller, services, new Hub()), null, (_, _) => Task.CompletedTask);
    }

    public sealed class Hub : Microsoft.AspNetCore.SignalR.Hub
    {
        public int Calls { get; private set; }

        public string StartCircuit() => Called("secret");

        public bool ConnectCircuit(string secret) => Called(secret) is not null;

        public string ResumeCircuit(string secret) => Called(secret) is not null ? "resumed" : "";

        private string Called(string result)
        {
            Calls++;
            return result;
        }
    }

    private sealed class Caller(long? accountId, Guid sessionId) : HubCallerContext
    {
        public override string ConnectionId => "";

        public override string? UserIdentifier => null;

        public override ClaimsPrincipal? User { get; } = Principal(accountId, sessionId);

        public override IDictionary<object, object?> Items { get; } = new Dictionary<object, object?>();

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override CancellationToken ConnectionAborted => default;

        public override void Abort()
        {
        }
    }
}
