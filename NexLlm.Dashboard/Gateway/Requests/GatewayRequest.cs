using System.Diagnostics.CodeAnalysis;
using System.Net;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Gateway.Buffers;
using NexLlm.Dashboard.Gateway.Costs;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Gateway.Media;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Gateway.Requests;

/// <summary>One request and what is known of it so far.</summary>
/// <param name="number">From <see cref="RequestNumbers"/>.</param>
/// <param name="startedAt">A timestamp of the clock.</param>
internal sealed class GatewayRequest(HttpContext http, UpstreamApi? api, long number, long startedAt) : IDisposable
{
    private ScannedRequest _found;
    private BodyMemoryLease _hold;

    public HttpContext Http { get; } = http;

    /// <summary>The called API; null for read-only endpoints.</summary>
    public UpstreamApi? Api { get; } = api;

    public long Number { get; } = number;

    /// <summary>The id in the response's <c>x-request-id</c>, the log and the charge.</summary>
    public string RequestId { get; } = RequestNumber.NewId(number);

    /// <summary>A timestamp of the clock.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>The clock's timestamp when the first byte was sent to the client; null before.</summary>
    public long? FirstByteAt { get; set; }

    /// <summary>Whether the client disconnected before it had the whole response.</summary>
    public bool IsLeft { get; set; }

    /// <summary>The error sent instead of a response, or at the end of an interrupted one.</summary>
    [DisallowNull]
    public GatewayError? Error { get; set; }

    public IPAddress? Address => Http.Connection.RemoteIpAddress;

    /// <summary>The dialect of the called API, or the one detected from the headers at endpoints that belong to no API.</summary>
    public Dialect Dialect => Api is { } called ? DialectRegistry.Of(called) : DialectRegistry.Of(Http.Request);

    public KeyHash KeyHash { get; set; }

    /// <summary>Set once the credential is validated.</summary>
    [DisallowNull]
    public LiveKey? Key { get; set; }

    /// <summary>The key whose secret is no longer valid. The client learns nothing about it, but its owner finds the request in the log.</summary>
    [DisallowNull]
    public LiveKey? DeletedKey { get; set; }

    /// <summary>Whether it counts toward the concurrent requests of its key and account.</summary>
    public bool HasPlace { get; set; }

    /// <summary>The whole request body, decompressed.</summary>
    public PooledBuffer? Body { get; set; }

    /// <summary>Whether the client has sent everything.</summary>
    public bool IsBodyRead { get; set; }

    /// <summary>The memory reserved for <see cref="Body"/> and its copies, returned when the call ends.</summary>
    public ref BodyMemoryLease Hold => ref _hold;

    public ref ScannedRequest Found => ref _found;

    /// <summary>The measurements of a request for images, audio or scores; null for all others.</summary>
    public MediaRequest? Media { get; set; }

    /// <summary>The token count of the prompt; null until it was needed.</summary>
    public PromptCount? Prompt { get; set; }

    [DisallowNull]
    public ModelRoutes? Routes { get; set; }

    /// <summary>The reserved maximum cost.</summary>
    public CostBound Bound { get; set; }

    /// <summary>Whether a quota of the key or its account applies, so that <see cref="Bound"/> is enforced upstream.</summary>
    public bool IsLimited { get; set; }

    /// <summary>The output cap to send upstream; null keeps the client's own, or none.</summary>
    public long? Cap { get; set; }

    /// <summary>The channel called last.</summary>
    [DisallowNull]
    public LiveChannel? Channel { get; set; }

    /// <summary>The price at the last channel, for responses that report no tokens.</summary>
    public ModelPrice? Price { get; set; }

    [DisallowNull]
    public ChargeTicket? Ticket { get; set; }

    /// <summary>This request after <c>CallerCheck</c> has let it pass.</summary>
    public AuthenticatedRequest Authenticated => new(this);

    /// <summary>This request after <c>RequestBodyReader</c> has read it.</summary>
    public ReadRequest Read => new(Authenticated);

    /// <summary>This request after <c>AdmissionCheck</c> has found its model.</summary>
    public RoutedRequest Routed => new(Read);

    /// <summary>This request after <c>AdmissionCheck</c> has reserved its cost.</summary>
    public AdmittedRequest Admitted => new(Routed);

    /// <summary>This request after <c>UpstreamDispatcher</c> has called a channel for it.</summary>
    public DispatchedRequest Dispatched => new(Routed);

    public void WriteOwnHeaders()
    {
        var headers = Http.Response.Headers;
        headers["x-request-id"] = RequestId;
        Dialect.WriteHeaders(headers, RequestId);
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
    }

    public void Dispose()
    {
        Body?.Dispose();
        Body = null;
        _hold.Release();
        if (HasPlace)
        {
            HasPlace = false;
            Interlocked.Decrement(ref Key!.Running);
            Interlocked.Decrement(ref Key.Account.Running);
        }
    }
}
