using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Gateway.Buffers;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Gateway.Requests;

// Each stage is a view of one request that has passed the steps before it. A step asks for the stage it needs, so it can't be called too early, and
// what that stage guarantees is never null. The views allocate nothing.

/// <summary>A request whose key is valid and may be used by this caller.</summary>
internal readonly record struct AuthenticatedRequest
{
    public AuthenticatedRequest(GatewayRequest call)
    {
        ArgumentNullException.ThrowIfNull(call.Key);
        Call = call;
    }

    public GatewayRequest Call { get; }

    public LiveKey Key => Call.Key!;
}

/// <summary>An authenticated request to an API that generates, whose whole body has been read.</summary>
internal readonly record struct ReadRequest
{
    public ReadRequest(AuthenticatedRequest request)
    {
        if (request.Call.Api is null)
        {
            throw new ArgumentException("The request is for no API.", nameof(request));
        }

        ArgumentNullException.ThrowIfNull(request.Call.Body);
        Call = request.Call;
    }

    public GatewayRequest Call { get; }

    public LiveKey Key => Call.Key!;

    public UpstreamApi Api => Call.Api!.Value;

    public PooledBuffer Body => Call.Body!;
}

/// <summary>A request for a model that its key may use, at an endpoint that serves it.</summary>
internal readonly record struct RoutedRequest
{
    public RoutedRequest(ReadRequest request)
    {
        ArgumentNullException.ThrowIfNull(request.Call.Routes);
        Call = request.Call;
    }

    public GatewayRequest Call { get; }

    public LiveKey Key => Call.Key!;

    public UpstreamApi Api => Call.Api!.Value;

    public PooledBuffer Body => Call.Body!;

    public ModelRoutes Routes => Call.Routes!;
}

/// <summary>A routed request whose cost is reserved.</summary>
internal readonly record struct AdmittedRequest
{
    public AdmittedRequest(RoutedRequest request)
    {
        ArgumentNullException.ThrowIfNull(request.Call.Ticket);
        Routed = request;
    }

    public RoutedRequest Routed { get; }

    public GatewayRequest Call => Routed.Call;

    public ChargeTicket Ticket => Call.Ticket!;
}

/// <summary>A routed request that a channel has been called for.</summary>
internal readonly record struct DispatchedRequest
{
    public DispatchedRequest(RoutedRequest request)
    {
        ArgumentNullException.ThrowIfNull(request.Call.Channel);
        Call = request.Call;
    }

    public GatewayRequest Call { get; }

    /// <summary>The last channel that was called.</summary>
    public LiveChannel Channel => Call.Channel!;
}
