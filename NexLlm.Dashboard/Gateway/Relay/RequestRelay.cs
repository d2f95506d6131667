using System.Runtime.CompilerServices;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Gateway.Admission;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>Carries an admitted request upstream and the answer back, and sees to it that it is charged exactly once.</summary>
internal sealed partial class RequestRelay(
    RunningRequests running, UpstreamCall upstream, UsageLedger ledger, PromptMeter prompts, TokenCounter tokens, ILogger<RequestRelay> log)
{
    private const int MostOfAnError = 64 * 1_024;

    /// <returns>Null once an answer was begun, else what the client is told instead.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Refusal?> RunAsync(GatewayCall call)
    {
        using var flight = running.Start(call);
        using var reader = new AnswerReader(call.Api!.Value, dropUsage: !call.Found.IncludeUsage);
        var metering = new Metering(call, reader, prompts, tokens);
        try
        {
            Failpoint.Hit("after_reserve");
            await ledger.ReadyAsync(call.Ticket!);
            var (answer, refusal) = await upstream.AskAsync(call, flight.Cancellation);
            using (answer)
            {
                return answer switch
                {
                    null => refusal,
                    { Status: 200 } => await PassAsync(flight, answer, reader, metering),
                    _ => await PassErrorAsync(flight, answer, metering),
                };
            }
        }
        catch (StorageUnavailableException)
        {
            return Refusal.For(Verdict.StorageUnavailable);
        }
        catch (OperationCanceledException) when (flight.CutBecause is { } because)
        {
            await CloseAsync(flight, metering);
            return Refusal.For(because);
        }
        finally
        {
            metering.Abandon();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Refusal?> PassAsync(Flight flight, UpstreamAnswer answer, AnswerReader reader, Metering metering)
    {
        var call = flight.Call;
        var client = new ClientAnswer(flight, answer.Status, answer.ContentType);
        var isStream = answer.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) is true;
        Refusal refusal;
        try
        {
            await (isStream
                ? StreamedAnswer.PassAsync(answer, reader, metering, client, flight.Cancellation)
                : WholeAnswer.PassAsync(answer, reader, metering, client, flight.Cancellation));
            return null;
        }
        catch (StorageUnavailableException)
        {
            refusal = Refusal.For(Verdict.StorageUnavailable);
        }
        catch (Exception e) when (e is UpstreamException or InvalidDataException || flight.CutBecause is not null)
        {
            Broke(call.RequestId, e.Message);
            refusal = Refusal.For(flight.CutBecause ?? Verdict.UpstreamError);
        }

        if (!await CloseAsync(flight, metering))
        {
            refusal = Refusal.For(Verdict.StorageUnavailable);
        }

        if (!client.HasStarted)
        {
            return refusal;
        }

        call.Error = refusal.Error;
        await client.BreakAsync(isStream ? GatewayErrors.LastEvent(call, refusal) : default);
        return null;
    }

    /// <summary>An upstream that broke before it made anything is not paid; one that we stopped is paid for the prompt at least.</summary>
    /// <returns>False if the charge is not durable yet.</returns>
    private static async Task<bool> CloseAsync(Flight flight, Metering metering)
    {
        if (!metering.HasOutput && flight.CutBecause is null)
        {
            metering.Abandon();
            return true;
        }

        try
        {
            await metering.SettleAsync();
            return true;
        }
        catch (StorageUnavailableException)
        {
            return false;
        }
    }

    /// <summary>
    /// What the upstream finds wrong with the request is for the client, word for word. What it finds wrong with us (our
    /// provider key, its address) is for the operator's log only.
    /// </summary>
    private async ValueTask<Refusal?> PassErrorAsync(Flight flight, UpstreamAnswer answer, Metering metering)
    {
        var call = flight.Call;
        if (answer.Status is not (400 or 404 or 409 or 413 or 415 or 422) || answer.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) is not true)
        {
            answer.MarkUseless();
            Unusable(call.RequestId, answer.Status);
            return Refusal.For(Verdict.UpstreamError);
        }

        using var body = new PooledBuffer();
        while (await answer.Body.ReadAsync(body.GetMemory(), flight.Cancellation) is > 0 and var read)
        {
            body.Advance(read);
            if (body.Length > MostOfAnError)
            {
                return Refusal.For(Verdict.UpstreamError);
            }
        }

        metering.Abandon();
        var response = call.Http.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body.Memory);
        return null;
    }

    [LoggerMessage(LogLevel.Warning, "Request {RequestId}: the answer ended early ({Reason})")]
    private partial void Broke(string requestId, string reason);

    [LoggerMessage(LogLevel.Error, "Request {RequestId}: the channel answered {Status}. Check its address and provider key")]
    private partial void Unusable(string requestId, int status);
}
