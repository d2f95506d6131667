using System.Runtime.CompilerServices;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>Check 12: asks the channels that serve the model, one after the other, until one answers.</summary>
internal sealed partial class UpstreamCall(ChannelRouter router, UpstreamClient upstream, TimeProvider clock, ILogger<UpstreamCall> log)
{
    /// <summary>What is written anew from a larger body counts for the budget of bodies too.</summary>
    private const int CopiedFreely = 64 * 1_024;

    /// <summary>
    /// Goes on to the next channel only while nothing was made that anybody could charge: a connection that failed, or an
    /// answer that says so.
    /// </summary>
    /// <returns>An answer that is not worth another try, or why there is none.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<(UpstreamAnswer? Answer, Refusal? Refusal)> AskAsync(GatewayCall call, CancellationToken cut)
    {
        var api = call.Api!.Value;
        var passed = AnthropicHeaders.Of(api, call.Http.Request.Headers);
        var failure = Verdict.NoChannel;
        using var rewritten = new PooledBuffer();
        var tried = default(TriedTargets);
        if (call.Body!.Length > CopiedFreely && call.Hold.Take(call.Body.Length) is { } full)
        {
            return (null, full);
        }

        while (router.Next(call.Routes!, api, ref tried) is { } target)
        {
            call.Channel = target.Channel;
            rewritten.Clear();
            var body = BodyWriter.Write(api, call.Body!.Span, call.Found, target.UpstreamModel, call.Cap, rewritten) ? rewritten.Memory : call.Body.Memory;
            UpstreamAnswer answer;
            using var trace = GatewayTelemetry.StartUpstream(target.Channel.Name);
            var since = clock.GetTimestamp();
            try
            {
                answer = await upstream.SendAsync(target, api, passed, body, call.Found.Stream, cut);
                GatewayTelemetry.UpstreamAnswered(target.Channel.Name, clock.GetElapsedTime(since));
            }
            catch (UpstreamException e)
            {
                Unreachable(call.RequestId, e.Message);
                if (e.MayFailOver)
                {
                    continue;
                }

                return (null, Refusal.For(Verdict.UpstreamError));
            }

            if (!answer.MayFailOver)
            {
                return (answer, null);
            }

            Failed(call.RequestId, target.Channel.Name, answer.Status);
            // An upstream that is merely busy is like one that cannot be reached; one that fails is worth saying so.
            failure = answer.Status is 408 or 429 ? failure : Verdict.UpstreamError;
            answer.Dispose();
        }

        return (null, Refusal.For(failure));
    }

    [LoggerMessage(LogLevel.Warning, "Request {RequestId}: {Reason}")]
    private partial void Unreachable(string requestId, string reason);

    [LoggerMessage(LogLevel.Warning, "Request {RequestId}: channel {Channel} answered {Status}")]
    private partial void Failed(string requestId, string channel, int status);
}
