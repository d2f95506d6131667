using System.Collections.Frozen;
using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Gateway;

/// <summary>
/// Every address that programs call. It stands before the pages' pipeline: none of what they need (cookies, compression, error
/// pages) belongs to a program's request, and each would cost it time.
/// </summary>
internal sealed partial class GatewayEndpoints(
    RequestDelegate next, ModelsEndpoint models, TokenUsageEndpoint usage, GenerateEndpoint generate, CallLog calls, ILogger<GatewayEndpoints> log)
{
    private const string Root = "/v1";
    private const string OneModel = "/v1/models/";

    private readonly FrozenDictionary<string, Route> _routes = new Dictionary<string, Route>
    {
        ["/v1/models"] = new("GET", null, models.ListAsync),
        ["/v1/chat/completions"] = new("POST", UpstreamApi.ChatCompletions, generate.RunAsync),
        ["/v1/completions"] = new("POST", UpstreamApi.Completions, generate.RunAsync),
        ["/v1/embeddings"] = new("POST", UpstreamApi.Embeddings, generate.RunAsync),
        ["/v1/responses"] = new("POST", UpstreamApi.Responses, generate.RunAsync),
        ["/v1/messages"] = new("POST", UpstreamApi.Messages, generate.RunAsync),
        ["/api/usage/token"] = new("GET", null, usage.GetAsync),
        ["/api/usage/token/"] = new("GET", null, usage.GetAsync),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public Task InvokeAsync(HttpContext http)
    {
        var path = http.Request.Path;
        return _routes.TryGetValue(path.Value ?? "", out var route) ? RunAsync(http, route)
            : path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase) ? RunAsync(http, Other(path.Value!))
            : next(http);
    }

    private Route Other(string path) =>
        path.StartsWith(OneModel, StringComparison.Ordinal) && path.Length > OneModel.Length
            ? new("GET", null, call => models.FindAsync(call, path[OneModel.Length..]))
            : new(null, null, _ => new(Refusal.UnknownAddress));

    private async Task RunAsync(HttpContext http, Route route)
    {
        using var call = calls.Begin(http, route.Api);
        using var trace = GatewayTelemetry.Start(call);
        call.WriteOwnHeaders();
        try
        {
            var refusal = route.Method is { } method && http.Request.Method != method ? WrongMethod(http, method) : await route.Handler(call);
            if (refusal is not null)
            {
                await GatewayErrors.WriteAsync(call, refusal);
            }
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested)
        {
            call.IsLeft = true;
            ClientLeft(call.RequestId, e.GetType().Name);
        }
#pragma warning disable CA1031 // The last resort: whatever it is, a client reads it in the shape it knows.
        catch (Exception e)
        {
            call.Error = Refusal.Unforeseen.Error;
            Failed(e, call.RequestId);
            await (http.Response.HasStarted ? Abort(http) : GatewayErrors.WriteAsync(call, Refusal.Unforeseen));
        }
#pragma warning restore CA1031

        calls.End(call);
        GatewayTelemetry.Finished(call);
    }

    private static Refusal WrongMethod(HttpContext http, string allowed)
    {
        http.Response.Headers.Allow = allowed;
        return Refusal.WrongMethod(allowed);
    }

    private static Task Abort(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Debug, "Request {RequestId}: the client left ({Exception})")]
    private partial void ClientLeft(string requestId, string exception);

    [LoggerMessage(LogLevel.Error, "Request {RequestId} failed")]
    private partial void Failed(Exception exception, string requestId);

    /// <param name="Method">Null where no method is right.</param>
    private sealed record Route(string? Method, UpstreamApi? Api, Func<GatewayCall, ValueTask<Refusal?>> Handler);
}
