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

/// <summary>One request on its way through: what is known of it so far.</summary>
/// <param name="number">Of <see cref="RequestNumbers"/>.</param>
/// <param name="startedAt">The clock's timestamp.</param>
internal sealed class GatewayRequest(HttpContext http, UpstreamApi? api, long number, long startedAt) : IDisposable
{
    private ScannedRequest _found;
    private BodyMemoryLease _hold;

    public HttpContext Http { get; } = http;

    /// <summary>Null for the addresses that only read.</summary>
    public UpstreamApi? Api { get; } = api;

    public long Number { get; } = number;

    /// <summary>In the answer's <c>x-request-id</c>, in the log and in the charge.</summary>
    public string RequestId { get; } = RequestNumber.NewId(number);

    /// <summary>The clock's timestamp.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>The clock's timestamp when the first byte of an answer left for the client; null before.</summary>
    public long? FirstByteAt { get; set; }

    /// <summary>The client closed the connection before it had the whole answer.</summary>
    public bool IsLeft { get; set; }

    /// <summary>What the client was told instead of an answer, or at the end of one that broke.</summary>
    [DisallowNull]
    public GatewayError? Error { get; set; }

    public IPAddress? Address => Http.Connection.RemoteIpAddress;

    /// <summary>That of its address, or of its headers at the addresses that belong to no API.</summary>
    public Dialect Dialect => Api is { } called ? DialectRegistry.Of(called) : DialectRegistry.Of(Http.Request);

    public KeyHash KeyHash { get; set; }

    /// <summary>Set once the credential is known to be right.</summary>
    [DisallowNull]
    public LiveKey? Key { get; set; }

    /// <summary>Whose secret it is that is no credential any more: its caller is told nothing of it, its owner finds the request in the log.</summary>
    [DisallowNull]
    public LiveKey? DeletedKey { get; set; }

    /// <summary>Whether it counts as one in progress, of its key and its account.</summary>
    public bool HasPlace { get; set; }

    /// <summary>The request's whole body, uncompressed.</summary>
    public PooledBuffer? Body { get; set; }

    /// <summary>Whether the client has nothing left to send.</summary>
    public bool IsBodyRead { get; set; }

    /// <summary>The memory that is counted for <see cref="Body"/> and its copies; given back when the call ends.</summary>
    public ref BodyMemoryLease Hold => ref _hold;

    public ref ScannedRequest Found => ref _found;

    /// <summary>What is measured of a request for images, audio or judgements; null of all others.</summary>
    public MediaRequest? Media { get; set; }

    /// <summary>What was counted of its prompt; null while nobody had to.</summary>
    public PromptCount? Prompt { get; set; }

    [DisallowNull]
    public ModelRoutes? Routes { get; set; }

    /// <summary>The most that it can cost, as it was reserved.</summary>
    public CostBound Bound { get; set; }

    /// <summary>Whether a quota of the key or of its account bounds it, so that the upstream is held to <see cref="Bound"/>.</summary>
    public bool IsLimited { get; set; }

    /// <summary>The output cap that has to be sent upstream; null leaves the client's own, or none.</summary>
    public long? Cap { get; set; }

    /// <summary>The last that was called.</summary>
    [DisallowNull]
    public LiveChannel? Channel { get; set; }

    /// <summary>What the last channel that was called takes for an answer that reports no tokens.</summary>
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
