using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Logs.Writing;

namespace NexLlm.Dashboard.Gateway;

/// <summary>Writes calls to the request log: every generating call, however it ended, and the others only when rejected.</summary>
internal sealed class RequestLogger(LogWriter log, RequestNumbers numbers, TimeProvider clock)
{
    /// <summary>No credential is ever logged, even if a client sends one as the model name.</summary>
    private const string Secret = "sk-";

    public GatewayRequest Begin(HttpContext http, UpstreamApi? api) => new(http, api, numbers.Next(), clock.GetTimestamp());

    /// <summary>Call this after the charge is settled.</summary>
    public void End(GatewayRequest call)
    {
        if (call is { Api: null, Error: null })
        {
            return;
        }

        var key = call.Key ?? call.DeletedKey;
        var ticket = call.Ticket is { IsSettled: true } settled ? settled : null;
        log.Add(new LoggedRequest
        {
            Number = call.Number,
            RequestId = call.RequestId,
            AccountId = key?.Account.Id,
            KeyId = key?.Id,
            GroupId = call.Key?.Snapshot.Policy.GroupId,
            ChannelId = call.Channel?.Id,
            Model = call.Routes?.Model ?? ModelAskedFor(call),
            Api = call.Api,
            Status = call.Error?.Status ?? (call.IsLeft ? LogEntry.ClientLeft : call.Http.Response.StatusCode),
            Code = call.Error?.Code,
            InputTokens = ticket?.InputTokens ?? 0,
            OutputTokens = ticket?.OutputTokens ?? 0,
            ChargedTokens = ticket?.Charged ?? 0,
            Source = ticket?.Source ?? default,
            FirstByte = call.FirstByteAt is { } first ? clock.GetElapsedTime(call.StartedAt, first) : null,
            Duration = clock.GetElapsedTime(call.StartedAt),
            Address = call.Address,
            NeededTokens = call is { Ticket: null, Bound.Total: > 0 and <= TokenQuota.MaxTokens and var needed } ? needed : null,
            ChargeId = ticket?.Entry.Id,
        });
    }

    /// <summary>The requested model name, even if the key can't use it or no channel serves it; null if the body was invalid.</summary>
    private static string? ModelAskedFor(GatewayRequest call)
    {
        if (call.Body is not { } body || call.Found.Model.Equals(default(Range)))
        {
            return null;
        }

        Span<char> name = stackalloc char[RequestScanner.LongestModel];
        var model = name[..call.Found.CopyModel(body.Span, name)];
        return model.Contains(Secret, StringComparison.OrdinalIgnoreCase) ? null : model.ToString();
    }
}
