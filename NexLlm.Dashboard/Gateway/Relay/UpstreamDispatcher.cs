using System.Runtime.CompilerServices;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Gateway.Buffers;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Gateway.Media;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Gateway.UpstreamResponses;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>
/// Tries the channels that serve the model in turn, until one answers. <see cref="ResponseOutcomeTable"/> defines what
/// counts as an answer.
/// </summary>
internal sealed partial class UpstreamDispatcher(
    ChannelRouter router, UpstreamClient upstream, GatewayTelemetry telemetry, TimeProvider clock, ILogger<UpstreamDispatcher> log)
{
    /// <summary>Rewritten bodies above this size count against the body memory budget too.</summary>
    private const int CopiedFreely = 64 * 1_024;

    private const int ReadSize = 4_096;
    private const int MostLogged = 200;
    private const int MostOfAnError = 64 * 1_024;

    /// <param name="head">Receives the part of the response read to classify it.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<DispatchResult> DispatchAsync(RoutedRequest request, PooledBuffer head, CancellationToken cut)
    {
        var call = request.Call;
        var failures = default(ChannelFailures);
        using var rewritten = new PooledBuffer();
        var tried = default(TriedTargets);
        if (request.Body.Length > CopiedFreely && call.Hold.Take(request.Body.Length) is { } full)
        {
            return new DispatchResult(null, ResponseOutcome.Unreachable, default, null, full);
        }

        while (router.Next(request.Routes, request.Api, ref tried) is { } target)
        {
            call.Channel = target.Channel;
            call.Price = target.Price;
            var reply = await DispatchAsync(request, target, rewritten, head, asksUsage: !target.Channel.RefusesUsageOption, cut);
            if (reply.Outcome.Next is NextStep.RetryWithoutUsage)
            {
                reply.Answer!.Dispose();
                reply = await DispatchAsync(request, target, rewritten, head, asksUsage: false, cut);
                NoteUsageOption(call, target.Channel, reply);
            }

            if (reply.Outcome.Next is NextStep.PassAnswer or NextStep.PassRejection)
            {
                return reply;
            }

            failures.Add(reply.Outcome, reply.Answer is null ? null : WaitOf(reply.Answer));
            reply.Answer?.Dispose();
            if (reply.Outcome.Next is NextStep.GiveUp)
            {
                break;
            }
        }

        return new DispatchResult(null, ResponseOutcome.Unreachable, default, null, failures.ToRefusal(request.Routes, request.Api, clock.GetUtcNow()));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<DispatchResult> DispatchAsync(RoutedRequest request, RouteTarget target, PooledBuffer rewritten, PooledBuffer head, bool asksUsage, CancellationToken cut)
    {
        var (call, api, channel) = (request.Call, request.Api, target.Channel);
        rewritten.Clear();
        head.Clear();
        var (body, contentType) = Write(request, target, rewritten, asksUsage);
        using var trace = GatewayTelemetry.StartUpstream(channel.Name);
        var since = clock.GetTimestamp();
        UpstreamResponse answer;
        try
        {
            answer = await upstream.SendAsync(target, api, call.Dialect.ForwardedHeaders(call.Http.Request.Headers), body, call.Found.Stream, cut, contentType);
            telemetry.UpstreamAnswered(channel.Name, clock.GetElapsedTime(since));
        }
        catch (UpstreamException e)
        {
            Unreachable(call.RequestId, e.Message);
            return new DispatchResult(null, e.MayFailOver ? ResponseOutcome.Unreachable : ResponseOutcome.BrokenOff, default, null, null);
        }

        try
        {
            var form = await ClassifyAsync(request, answer, head, cut);
            var usageAsked = asksUsage && call.Found is { Stream: true, IncludeUsage: false };
            var (outcome, error) = ResponseOutcomeTable.Judge(answer.Status, form, head.Span, usageAsked);
            await ReportAsync(answer, IsWithoutCounting(call, answer) ? CircuitEffect.None : outcome.CircuitEffect);
            if (outcome.Verdict is not null)
            {
                Failed(call.RequestId, channel.Name, answer.Status, form, Excerpt(error?.Message, channel), outcome.Verdict.Value);
            }

            return new DispatchResult(answer, outcome, form, error, null);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private static (ReadOnlyMemory<byte> Body, string ContentType) Write(RoutedRequest request, RouteTarget target, PooledBuffer rewritten, bool asksUsage)
    {
        var call = request.Call;
        if (call.Media?.Form is { } form)
        {
            var boundary = FormBoundary.Create();
            FormWriter.Write(form, request.Body.Span, boundary, target.UpstreamModel, rewritten);
            return (rewritten.Memory, FormBoundary.ContentType(boundary));
        }

        var changed = BodyRewriter.TryRewrite(request.Api, request.Body.Span, call.Found, target.UpstreamModel, call.Cap, rewritten, asksUsage);
        return (changed ? rewritten.Memory : request.Body.Memory, UpstreamClient.Json);
    }

    /// <summary>Reads no more than needed to classify the response; of a stream, at most its first event.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ResponseKind> ClassifyAsync(RoutedRequest request, UpstreamResponse answer, PooledBuffer head, CancellationToken cut)
    {
        var isSuccess = ResponseOutcomeTable.IsSuccess(answer.Status);
        if (!ResponseOutcomeTable.NeedsBody(answer.Status))
        {
            return ResponseKind.Unread;
        }

        var (call, api) = (request.Call, request.Api);
        while (true)
        {
            int read;
            try
            {
                read = await answer.Body.ReadAsync(head.GetMemory(ReadSize), cut);
            }
            catch (UpstreamException e)
            {
                Unreachable(call.RequestId, e.Message);
                // Once a response has begun, the relay handles the failure: it continues reading here and meets it again.
                return !isSuccess || head.Length == 0 ? ResponseKind.CutShort : ResponseClassifier.Classify(head.Span, ended: true, call.Found.Stream, api, answer.ContentType);
            }

            head.Advance(read);
            var ended = read == 0 || (!isSuccess && head.Length > MostOfAnError);
            if (!ended && !isSuccess)
            {
                continue;
            }

            var form = ResponseClassifier.Classify(head.Span, ended, call.Found.Stream, api, answer.ContentType);
            if (form is not ResponseKind.Undecided)
            {
                return form;
            }
        }
    }

    /// <summary>
    /// Records that a channel doesn't support the option, but only after it answered without it, because a client could provoke
    /// any error message.
    /// </summary>
    private void NoteUsageOption(GatewayRequest call, LiveChannel channel, in DispatchResult reply)
    {
        if (reply.Outcome.Next is NextStep.PassAnswer)
        {
            channel.RefusesUsageOption = true;
            WithoutUsage(call.RequestId, channel.Name);
        }
    }

    /// <summary>Evaluates an error event after a response has begun, when no other channel can be tried.</summary>
    public async ValueTask<Rejection> JudgeAsync(RoutedRequest request, UpstreamResponse answer, ProviderError error)
    {
        var outcome = ResponseOutcomeTable.Of(error.Status, ResponseKind.Json, ErrorCauses.Of(error, [], usageAsked: false));
        await ReportAsync(answer, outcome.CircuitEffect);
        var failures = default(ChannelFailures);
        failures.Add(outcome, null);
        return outcome.Verdict is null ? UpstreamRejection.ToRefusal(request.Call.Dispatched, error) : failures.ToRefusal(request.Routes, request.Api, clock.GetUtcNow());
    }

    /// <summary>Many providers of Anthropic's API don't count tokens, which says nothing about their other endpoints.</summary>
    private static bool IsWithoutCounting(GatewayRequest call, UpstreamResponse answer) =>
        call.Api is UpstreamApi.CountTokens && answer.Status is (404 or 405 or 501);

    private static ValueTask ReportAsync(UpstreamResponse answer, CircuitEffect effect)
    {
        switch (effect)
        {
            case CircuitEffect.Trips:
                return answer.ReportFailureAsync();
            case CircuitEffect.CountsAsFailure:
                answer.CountFailure();
                return default;
            default:
                return answer.ReportSuccessAsync();
        }
    }

    /// <summary>A single line for the server log.</summary>
    private static string? Excerpt(string? message, LiveChannel channel) =>
        ProviderKeyRedaction.Hide(message, channel.ProviderKey) is { } text
            ? string.Concat(text.Take(MostLogged).Select(c => char.IsControl(c) ? ' ' : c)) : null;

    private TimeSpan? WaitOf(UpstreamResponse answer) =>
        ProviderRetryAfter.Of(answer.Header("retry-after-ms"), answer.Header("Retry-After"), clock.GetUtcNow());

    [LoggerMessage(LogLevel.Warning, "Request {RequestId}: {Reason}")]
    private partial void Unreachable(string requestId, string reason);

    [LoggerMessage(LogLevel.Warning, "Request {RequestId}: channel {Channel} responded {Status} ({Form}: {Message}), treated as {Verdict}")]
    private partial void Failed(string requestId, string channel, int status, ResponseKind form, string? message, Keys.Policy.Verdict verdict);

    [LoggerMessage(LogLevel.Information, "Request {RequestId}: channel {Channel} does not support stream_options. Tokens of its streams are counted by the gateway from now on")]
    private partial void WithoutUsage(string requestId, string channel);
}

/// <summary>The result of dispatching: a response, a rejection, or neither.</summary>
/// <param name="Answer">Must be disposed; null if there is none.</param>
/// <param name="Form">The kind of the response.</param>
/// <param name="Error">The error reported by the provider.</param>
/// <param name="Rejection">The error for the client if there is no response.</param>
internal readonly record struct DispatchResult(UpstreamResponse? Answer, ResponseOutcome Outcome, ResponseKind Form, ProviderError? Error, Rejection? Rejection);
