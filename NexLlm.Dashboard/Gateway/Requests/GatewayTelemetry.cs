using System.Diagnostics;
using System.Diagnostics.Metrics;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Requests;

/// <summary>The gateway's traces and metrics. They cost almost nothing without listeners.</summary>
internal sealed class GatewayTelemetry
{
    /// <summary>The name of the meter and the activity source.</summary>
    public const string Name = "NexLlm.Dashboard";

    private static readonly ActivitySource _source = new(Name);

    private readonly Counter<long> _requests;
    private readonly Counter<long> _refusals;
    private readonly Histogram<double> _upstream;

    public GatewayTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _requests = meter.CreateCounter<long>("nexllm.gateway.requests", "{request}", "Completed requests, by API and status");
        _refusals = meter.CreateCounter<long>("nexllm.gateway.refusals", "{request}", "Rejected requests, by error code");
        _upstream = meter.CreateHistogram<double>("nexllm.gateway.upstream.duration", "s", "Time until a provider's response began");
    }

    public static Activity? Start(GatewayRequest call)
    {
        var activity = _source.StartActivity("gateway request", ActivityKind.Server);
        activity?.SetTag("nexllm.request_id", call.RequestId);
        activity?.SetTag("nexllm.api", call.Api?.ToString());
        return activity;
    }

    public void Refused(GatewayRequest call, GatewayError error)
    {
        _refusals.Add(1, new KeyValuePair<string, object?>("error.type", error.Code));
        Activity.Current?.SetTag("error.type", error.Code);
    }

    public static Activity? StartUpstream(string channel) =>
        _source.StartActivity("upstream call", ActivityKind.Client)?.SetTag("nexllm.channel", channel);

    public void UpstreamAnswered(string channel, TimeSpan after)
    {
        if (_upstream.Enabled)
        {
            _upstream.Record(after.TotalSeconds, new KeyValuePair<string, object?>("nexllm.channel", channel));
        }
    }

    public void Finished(GatewayRequest call)
    {
        if (_requests.Enabled)
        {
            _requests.Add(1, new("nexllm.api", call.Api?.ToString() ?? "other"), new("http.response.status_code", call.Http.Response.StatusCode));
        }

        if (Activity.Current is { } activity)
        {
            activity.SetTag("http.response.status_code", call.Http.Response.StatusCode);
            activity.SetTag("gen_ai.request.model", call.Routes?.Model);
        }
    }
}
