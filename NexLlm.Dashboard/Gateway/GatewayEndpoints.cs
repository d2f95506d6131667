using System.Collections.Frozen;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Gateway.TokenCounting;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Gateway;

/// <summary>
/// All endpoints for API clients. They run before the page pipeline, whose cookies, compression and error pages they don't need
/// and would slow them down.
/// </summary>
internal sealed partial class GatewayEndpoints
{
    private const string OneModel = "/v1/models/";

    private readonly RequestDelegate _next;
    private readonly AllowedHosts _hosts;
    private readonly Cors _cors;
    private readonly RequestLogger _calls;
    private readonly GatewayTelemetry _telemetry;
    private readonly ILogger<GatewayEndpoints> _log;
    private readonly ModelsEndpoint _models;
    private readonly UnknownUrlErrors _wrong;
    private readonly FrozenDictionary<string, Route> _routes;

    public GatewayEndpoints(
        RequestDelegate next, ModelsEndpoint models, TokenUsageEndpoint usage, GenerateEndpoint generate, CountTokensEndpoint count,
        IOptions<AllowedHosts> hosts, Cors cors, RequestLogger calls, GatewayTelemetry telemetry, ILogger<GatewayEndpoints> log)
    {
        (_next, _hosts, _cors, _calls, _telemetry, _log, _models) = (next, hosts.Value, cors, calls, telemetry, log, models);
        var served = new Dictionary<string, Route>
        {
            ["/v1/models"] = new(HttpMethods.Get, null, models.ListAsync),
            ["/v1/chat/completions"] = new(HttpMethods.Post, UpstreamApi.ChatCompletions, generate.RunAsync),
            ["/v1/completions"] = new(HttpMethods.Post, UpstreamApi.Completions, generate.RunAsync),
            ["/v1/embeddings"] = new(HttpMethods.Post, UpstreamApi.Embeddings, generate.RunAsync),
            ["/v1/responses"] = new(HttpMethods.Post, UpstreamApi.Responses, generate.RunAsync),
            ["/v1/messages"] = new(HttpMethods.Post, UpstreamApi.Messages, generate.RunAsync),
            ["/v1/messages/count_tokens"] = new(HttpMethods.Post, UpstreamApi.CountTokens, count.RunAsync),
            ["/v1/images/generations"] = new(HttpMethods.Post, UpstreamApi.ImageGenerations, generate.RunAsync),
            ["/v1/images/edits"] = new(HttpMethods.Post, UpstreamApi.ImageEdits, generate.RunAsync),
            ["/v1/audio/speech"] = new(HttpMethods.Post, UpstreamApi.Speech, generate.RunAsync),
            ["/v1/audio/transcriptions"] = new(HttpMethods.Post, UpstreamApi.Transcriptions, generate.RunAsync),
            ["/v1/audio/translations"] = new(HttpMethods.Post, UpstreamApi.Translations, generate.RunAsync),
            ["/v1/moderations"] = new(HttpMethods.Post, UpstreamApi.Moderations, generate.RunAsync),
            ["/v1/rerank"] = new(HttpMethods.Post, UpstreamApi.Rerank, generate.RunAsync),
        };
        _wrong = new UnknownUrlErrors(served.Select(route => (route.Value.Method!, route.Key)));
        served["/api/usage/token"] = served["/api/usage/token/"] = new(HttpMethods.Get, null, usage.GetAsync);
        _routes = served.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public Task InvokeAsync(HttpContext http)
    {
        var path = http.Request.Path;
        if (!_routes.TryGetValue(path.Value ?? "", out var route))
        {
            if (!UnknownUrlErrors.IsOfProgram(path))
            {
                return _next(http);
            }

            route = Other(http);
        }

        return _cors.Answers(http) ? Task.CompletedTask : RunAsync(http, route);
    }

    private Route Other(HttpContext http)
    {
        var path = http.Request.Path;
        return ModelId(http) is { } model
            ? new(HttpMethods.Get, null, call => _models.FindAsync(call, model))
            : new(null, null, _ => new(_wrong.For(path)));
    }

    /// <summary>
    /// The id in <c>/v1/models/{id}</c>, decoded once; null for any other URL. The server doesn't decode <c>%2F</c> in a path, so
    /// an id with a percent sign is read from the raw URL.
    /// </summary>
    private static string? ModelId(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        if (!path.StartsWith(OneModel, StringComparison.Ordinal) || path.Length == OneModel.Length)
        {
            return null;
        }

        var sent = path.Contains('%', StringComparison.Ordinal) ? http.Features.Get<IHttpRequestFeature>()?.RawTarget.Split('?')[0] : null;
        return sent?.StartsWith(OneModel, StringComparison.Ordinal) is true ? Uri.UnescapeDataString(sent[OneModel.Length..]) : path[OneModel.Length..];
    }

    private async Task RunAsync(HttpContext http, Route route)
    {
        using var call = _calls.Begin(http, route.Api);
        using var trace = GatewayTelemetry.Start(call);
        call.WriteOwnHeaders();
        try
        {
            var refusal = Misused(http, route) ?? await route.Handler(call);
            if (refusal is not null)
            {
                await RefuseAsync(call, refusal);
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
            call.Error = Rejection.Unforeseen.Error;
            Failed(e, call.RequestId);
            await (http.Response.HasStarted ? Abort(http) : RefuseAsync(call, Rejection.Unforeseen));
        }
#pragma warning restore CA1031

        _calls.End(call);
        _telemetry.Finished(call);
    }

    private Task RefuseAsync(GatewayRequest call, Rejection refusal)
    {
        _telemetry.Refused(call, refusal.Error);
        return GatewayErrors.WriteAsync(call, refusal);
    }

    private Rejection? Misused(HttpContext http, Route route)
    {
        if (!_hosts.Allow(http.Request))
        {
            return Rejection.WrongHost(http.Request.Host.Host);
        }

        if (route.Method is not { } allowed || http.Request.Method == allowed || (HttpMethods.IsHead(http.Request.Method) && HttpMethods.IsGet(allowed)))
        {
            return null;
        }

        // On this status, clients fall back to plain requests immediately.
        if (http.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase))
        {
            http.Response.Headers.Upgrade = "HTTP/1.1";
            return Rejection.WebSocket;
        }

        http.Response.Headers.Allow = HttpMethods.IsGet(allowed) ? "GET, HEAD" : allowed;
        return Rejection.WrongMethod(allowed);
    }

    private static Task Abort(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Debug, "Request {RequestId}: client disconnected ({Exception})")]
    private partial void ClientLeft(string requestId, string exception);

    [LoggerMessage(LogLevel.Error, "Request {RequestId} failed")]
    private partial void Failed(Exception exception, string requestId);

    /// <param name="Method">Null if no method is valid.</param>
    private sealed record Route(string? Method, UpstreamApi? Api, Func<GatewayRequest, ValueTask<Rejection?>> Handler);
}
