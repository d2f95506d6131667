using System.Runtime.CompilerServices;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Gateway.Admission;
using NexLlm.Dashboard.Gateway.Buffers;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Gateway.UpstreamResponses;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>Relays an admitted request and its response, and ensures that it is charged exactly once.</summary>
internal sealed partial class RequestRelay(
    InFlightRequests running, UpstreamDispatcher upstream, UsageLedger ledger, PromptTokenEstimator prompts, TokenCounter tokens, ILogger<RequestRelay> log)
{
    /// <returns>Null once a response has started, otherwise the error for the client.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Rejection?> RunAsync(AdmittedRequest request)
    {
        var call = request.Call;
        using var inFlight = running.Start(request);
        using var reader = ResponseReader.Rent(request.Routed.Api, dropUsage: !call.Found.IncludeUsage, call.Media?.Answers ?? 1);
        var settlement = new ChargeSettlement(request, reader, prompts, tokens);
        try
        {
            Failpoint.Hit("after_reserve");
            await ledger.ReadyAsync(request.Ticket);
            using var head = new PooledBuffer();
            var reply = await upstream.DispatchAsync(request.Routed, head, inFlight.Cancellation);
            using (reply.Answer)
            {
                switch (reply.Outcome.Next)
                {
                    case NextStep.PassAnswer:
                        return await PassAsync(inFlight, reply, head, reader, settlement);
                    case NextStep.PassRejection:
                        settlement.Abandon();
                        await UpstreamRejection.PassAsync(call.Dispatched, reply.Error!, head.Memory);
                        return null;
                    default:
                        return reply.Rejection;
                }
            }
        }
        catch (StorageUnavailableException)
        {
            return Rejection.For(Verdict.StorageUnavailable);
        }
        catch (OperationCanceledException) when (inFlight.AbortReason is { } because)
        {
            await CloseAsync(inFlight, settlement);
            return Rejection.For(because);
        }
        finally
        {
            settlement.Abandon();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Rejection?> PassAsync(InFlightRequest inFlight, DispatchResult reply, PooledBuffer head, ResponseReader reader, ChargeSettlement settlement)
    {
        var (call, answer) = (inFlight.Call, reply.Answer!);
        var client = new ClientResponse(inFlight, reply.Form, reply.Form is ResponseKind.Media ? answer.ContentType : null);
        var isStream = reply.Form is ResponseKind.Events;
        if (reply.Form is not ResponseKind.Media && head.Span.StartsWith(ResponseClassifier.ByteOrderMark))
        {
            head.Discard(ResponseClassifier.ByteOrderMark.Length);
        }

        Rejection refusal;
        try
        {
            if (reply.Form is ResponseKind.Media)
            {
                await MediaResponse.PassAsync(answer, head, reader, settlement, client, inFlight.Cancellation);
            }
            else if (!isStream)
            {
                await BufferedResponse.PassAsync(answer, head, reader, settlement, client, inFlight.Cancellation);
            }
            else
            {
                if (await StreamedResponse.PassAsync(call.Dispatched, answer, head, reader, settlement, client, inFlight.Cancellation) is { } failure)
                {
                    call.Error = (await upstream.JudgeAsync(inFlight.Request.Routed, answer, failure)).Error;
                }

                await EndAsync(answer, client);
            }

            return null;
        }
        catch (StorageUnavailableException)
        {
            refusal = Rejection.For(Verdict.StorageUnavailable);
        }
        catch (Exception e) when (e is UpstreamException or InvalidDataException || inFlight.AbortReason is not null)
        {
            Broke(call.RequestId, e.Message);
            refusal = Rejection.For(inFlight.AbortReason ?? Verdict.UpstreamError);
        }
        catch (ErrorEventException e)
        {
            Broke(call.RequestId, e.Message);
            refusal = await upstream.JudgeAsync(inFlight.Request.Routed, answer, e.Error);
        }

        if (!await CloseAsync(inFlight, settlement))
        {
            refusal = Rejection.For(Verdict.StorageUnavailable);
        }

        if (!client.HasStarted)
        {
            return refusal;
        }

        call.Error = refusal.Error;
        await client.BreakAsync(isStream ? GatewayErrors.LastEvent(call, refusal) : default);
        return null;
    }

    /// <summary>Completes the client's response first, because many servers keep the connection open after the last event.</summary>
    private static async ValueTask EndAsync(UpstreamResponse upstream, ClientResponse client)
    {
        var ending = upstream.EndAsync();
        if (!ending.IsCompleted)
        {
            await client.CompleteAsync();
        }

        await ending;
    }

    /// <summary>A provider that failed before any output is not charged for; a call the gateway stopped is charged for at least the prompt.</summary>
    /// <returns>False if the charge is not durable yet.</returns>
    private static async Task<bool> CloseAsync(InFlightRequest inFlight, ChargeSettlement settlement)
    {
        if (!settlement.HasOutput && inFlight.AbortReason is null)
        {
            settlement.Abandon();
            return true;
        }

        try
        {
            await settlement.SettleAsync();
            return true;
        }
        catch (StorageUnavailableException)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Request {RequestId}: the response ended early ({Reason})")]
    private partial void Broke(string requestId, string reason);
}
