using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Gateway.Admission;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Relay;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Gateway;

/// <summary>One request on its way through: what is known of it so far.</summary>
internal sealed class GatewayCall(HttpContext http, UpstreamApi? api) : IDisposable
{
    private const string IdAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private RequestFindings _found;

    public HttpContext Http { get; } = http;

    /// <summary>Null for the addresses that only read.</summary>
    public UpstreamApi? Api { get; } = api;

    /// <summary>In the answer's <c>x-request-id</c>, in the log and in the charge.</summary>
    public string RequestId { get; } = NewId();

    public IPAddress? Address => Http.Connection.RemoteIpAddress;

    public bool IsAnthropic => Api is UpstreamApi.Messages;

    public KeyHash KeyHash { get; set; }

    /// <summary>Set once the credential is known to be right.</summary>
    [DisallowNull]
    public LiveKey? Key { get; set; }

    public PooledBuffer? Body { get; set; }

    public ref RequestFindings Found => ref _found;

    [DisallowNull]
    public ModelRoutes? Routes { get; set; }

    /// <summary>The most that it can cost, as it was reserved.</summary>
    public RequestBound Bound { get; set; }

    /// <summary>Whether a quota of the key or of its account bounds it, so that the upstream is held to <see cref="Bound"/>.</summary>
    public bool IsLimited { get; set; }

    /// <summary>The output cap that has to be sent upstream; null leaves the client's own, or none.</summary>
    public long? Cap { get; set; }

    [DisallowNull]
    public ChargeTicket? Ticket { get; set; }

    public void WriteOwnHeaders()
    {
        var headers = Http.Response.Headers;
        headers["x-request-id"] = RequestId;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
    }

    public void Dispose()
    {
        Body?.Dispose();
        Body = null;
    }

    private static string NewId() => string.Create(28, 0, static (text, _) =>
    {
        "req_".CopyTo(text);
        RandomNumberGenerator.GetItems(IdAlphabet, text[4..]);
    });
}
