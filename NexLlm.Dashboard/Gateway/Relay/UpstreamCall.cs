using System.Runtime.CompilerServices;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Gateway.Answers;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Media;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>Check 12: asks the channels that serve the model, one after the other, until one answers. What is an answer, <see cref="AnswerTable"/> says.</summary>
internal sealed partial class UpstreamCall(
    ChannelRouter router, UpstreamClient upstream, GatewayTelemetry telemetry, TimeProvider clock, ILogger<UpstreamCall> log)
{
    /// <summary>What is written anew from a larger body counts for the budget of bodies too.</summary>
    private const int CopiedFreely = 64 * 1_024;

    private const int ReadSize = 4_096;
    private const int MostLogged = 200;
    private const int MostOfAnError = 64 * 1_024;

    /// <param name="head">Gets what was read of the answer to know what it is.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamReply> AskAsync(GatewayCall call, PooledBuffer head, CancellationToken cut)
    {
        var failures = default(FailedChannels);
        using var rewritten = new PooledBuffer();
        var tried = default(TriedTargets);
        if (call.Body!.Length > CopiedFreely && call.Hold.Take(call.Body.Length) is { } full)
        {
            return new UpstreamReply(null, AnswerMeaning.Unreachable, default, null, full);
        }

        while (router.Next(call.Routes!, call.Api!.Value, ref tried) is { } target)
        {
            call.Channel = target.Channel;
            call.Price = target.Price;
            var reply = await AskAsync(call, target, rewritten, head, asksUsage: !target.Channel.RefusesUsageOption, cut);
            if (reply.Meaning.Next is NextStep.AskAgain)
            {
                reply.Answer!.Dispose();
                reply = await AskAsync(call, target, rewritten, head, asksUsage: false, cut);
                NoteUsageOption(call, target.Channel, reply);
            }

            if (reply.Meaning.Next is NextStep.PassAnswer or NextStep.PassRejection)
            {
                return reply;
            }

            failures.Add(reply.Meaning, reply.Answer is null ? null : WaitOf(reply.Answer));
            reply.Answer?.Dispose();
            if (reply.Meaning.Next is NextStep.GiveUp)
            {
                break;
            }
        }

        return new UpstreamReply(null, AnswerMeaning.Unreachable, default, null, failures.ToRefusal(call.Routes!, call.Api!.Value, clock.GetUtcNow()));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<UpstreamReply> AskAsync(GatewayCall call, RouteTarget target, PooledBuffer rewritten, PooledBuffer head, bool asksUsage, CancellationToken cut)
    {
        var (api, channel) = (call.Api!.Value, target.Channel);
        rewritten.Clear();
        head.Clear();
        var (body, contentType) = Write(call, target, rewritten, asksUsage);
        using var trace = GatewayTelemetry.StartUpstream(channel.Name);
        var since = clock.GetTimestamp();
        UpstreamAnswer answer;
        try
        {
            answer = await upstream.SendAsync(target, api, AnthropicHeaders.Of(api, call.Http.Request.Headers), body, call.Found.Stream, cut, contentType);
            telemetry.UpstreamAnswered(channel.Name, clock.GetElapsedTime(since));
        }
        catch (UpstreamException e)
        {
            Unreachable(call.RequestId, e.Message);
            return new UpstreamReply(null, e.MayFailOver ? AnswerMeaning.Unreachable : AnswerMeaning.BrokenOff, default, null, null);
        }

        try
        {
            var form = await LookAsync(call, answer, head, cut);
            var usageAsked = asksUsage && call.Found is { Stream: true, IncludeUsage: false };
            var (meaning, error) = AnswerTable.Judge(answer.Status, form, head.Span, usageAsked);
            await TellAsync(answer, IsWithoutCounting(call, answer) ? Blame.None : meaning.Blame);
            if (meaning.Verdict is not null)
            {
                Failed(call.RequestId, channel.Name, answer.Status, form, Excerpt(error?.Message, channel), meaning.Verdict.Value);
            }

            return new UpstreamReply(answer, meaning, form, error, null);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private static (ReadOnlyMemory<byte> Body, string ContentType) Write(GatewayCall call, RouteTarget target, PooledBuffer rewritten, bool asksUsage)
    {
        if (call.Media?.Form is { } form)
        {
            var boundary = FormBoundary.Create();
            FormWriter.Write(form, call.Body!.Span, boundary, target.UpstreamModel, rewritten);
            return (rewritten.Memory, FormBoundary.ContentType(boundary));
        }

        var changed = BodyWriter.Write(call.Api!.Value, call.Body!.Span, call.Found, target.UpstreamModel, call.Cap, rewritten, asksUsage);
        return (changed ? rewritten.Memory : call.Body.Memory, UpstreamClient.Json);
    }

    /// <summary>Reads as little as tells what the answer is: of a stream no more than its first event.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AnswerForm> LookAsync(GatewayCall call, UpstreamAnswer answer, PooledBuffer head, CancellationToken cut)
    {
        var isSuccess = AnswerTable.IsSuccess(answer.Status);
        if (!AnswerTable.NeedsBody(answer.Status))
        {
            return AnswerForm.Unread;
        }

        var api = call.Api!.Value;
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
                // Of an answer that has begun the rest of the relay sees to it, which reads on from here and meets the same failure.
                return !isSuccess || head.Length == 0 ? AnswerForm.CutShort : AnswerLook.At(head.Span, ended: true, call.Found.Stream, api, answer.ContentType);
            }

            head.Advance(read);
            var ended = read == 0 || (!isSuccess && head.Length > MostOfAnError);
            if (!ended && !isSuccess)
            {
                continue;
            }

            var form = AnswerLook.At(head.Span, ended, call.Found.Stream, api, answer.ContentType);
            if (form is not AnswerForm.Undecided)
            {
                return form;
            }
        }
    }

    /// <summary>Remembers what a channel does not take once it has answered without it: a client could make it complain of anything.</summary>
    private void NoteUsageOption(GatewayCall call, LiveChannel channel, in UpstreamReply reply)
    {
        if (reply.Meaning.Next is NextStep.PassAnswer)
        {
            channel.RefusesUsageOption = true;
            WithoutUsage(call.RequestId, channel.Name);
        }
    }

    /// <summary>What an error event means that comes after an answer has begun: nobody else can be asked any more.</summary>
    public async ValueTask<Refusal> JudgeAsync(GatewayCall call, UpstreamAnswer answer, ReportedError error)
    {
        var meaning = AnswerTable.Of(error.Status, AnswerForm.Json, Complaints.Of(error, [], usageAsked: false));
        await TellAsync(answer, meaning.Blame);
        var failures = default(FailedChannels);
        failures.Add(meaning, null);
        return meaning.Verdict is null ? RejectedRequest.ToRefusal(call, error) : failures.ToRefusal(call.Routes!, call.Api!.Value, clock.GetUtcNow());
    }

    /// <summary>Many providers of Anthropic's API do not count tokens, which says nothing about the rest of it.</summary>
    private static bool IsWithoutCounting(GatewayCall call, UpstreamAnswer answer) =>
        call.Api is UpstreamApi.CountTokens && answer.Status is (404 or 405 or 501);

    private static ValueTask TellAsync(UpstreamAnswer answer, Blame blame)
    {
        switch (blame)
        {
            case Blame.Rests:
                return answer.BlameAsync();
            case Blame.Counts:
                answer.MarkUseless();
                return default;
            default:
                return answer.PraiseAsync();
        }
    }

    /// <summary>For the operator's log, on one line of it.</summary>
    private static string? Excerpt(string? message, LiveChannel channel) =>
        SecretMask.Hide(message, channel.ProviderKey) is { } text
            ? string.Concat(text.Take(MostLogged).Select(c => char.IsControl(c) ? ' ' : c)) : null;

    private TimeSpan? WaitOf(UpstreamAnswer answer) =>
        ProviderWait.Of(answer.Header("retry-after-ms"), answer.Header("Retry-After"), clock.GetUtcNow());

    [LoggerMessage(LogLevel.Warning, "Request {RequestId}: {Reason}")]
    private partial void Unreachable(string requestId, string reason);

    [LoggerMessage(LogLevel.Warning, "Request {RequestId}: channel {Channel} responded {Status} ({Form}: {Message}), treated as {Verdict}")]
    private partial void Failed(string requestId, string channel, int status, AnswerForm form, string? message, Keys.Policy.Verdict verdict);

    [LoggerMessage(LogLevel.Information, "Request {RequestId}: channel {Channel} does not support stream_options. Tokens of its streams are counted by the gateway from now on")]
    private partial void WithoutUsage(string requestId, string channel);
}

/// <summary>What came of asking: an answer, a rejection, or neither.</summary>
/// <param name="Answer">To be disposed of; null if there is none.</param>
/// <param name="Form">What the answer is.</param>
/// <param name="Error">What the upstream says is wrong.</param>
/// <param name="Refusal">What the client is told where there is no answer.</param>
internal readonly record struct UpstreamReply(UpstreamAnswer? Answer, AnswerMeaning Meaning, AnswerForm Form, ReportedError? Error, Refusal? Refusal);
