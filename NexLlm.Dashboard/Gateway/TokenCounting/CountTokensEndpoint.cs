using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Gateway.Admission;
using NexLlm.Dashboard.Gateway.Authentication;
using NexLlm.Dashboard.Gateway.Bodies;
using NexLlm.Dashboard.Gateway.Buffers;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Relay;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Gateway.UpstreamResponses;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Gateway.TokenCounting;

/// <summary>
/// Anthropic's <c>count_tokens</c>: the provider's count, or the gateway's estimate if the provider has none. It costs no quota,
/// but a key without remaining quota can't count: it could not send the counted request, and the provider's rate limits are for
/// keys that can.
/// </summary>
internal sealed class CountTokensEndpoint(
    CallerCheck callers, UsageLedger ledger, CountTokensRateLimit rate, ConcurrencyLimit places, RequestBodyReader body, AdmissionCheck admission, UpstreamDispatcher upstream,
    PromptTokenEstimator prompts)
{
    /// <summary>Distinguishes an estimate from a provider's count.</summary>
    private const string SourceHeader = "x-token-count";

    private const int MostOfAnAnswer = 64 * 1_024;
    private const int UsualImage = 1_600;

    public async ValueTask<Rejection?> RunAsync(GatewayRequest call) =>
        await callers.CheckAsync(call)
            ?? CheckQuota(call.Authenticated)
            ?? rate.Take(call.Authenticated.Key.Account)
            ?? places.Enter(call.Authenticated)
            ?? await body.ReadAsync(call.Authenticated)
            ?? await admission.CheckAccessAsync(call.Read)
            ?? await AnswerAsync(call.Routed);

    private Rejection? CheckQuota(AuthenticatedRequest caller)
    {
        var quota = ledger.QuotaOf(caller.Key);
        var decision = AccessPolicy.Evaluate(new QuotaFacts(quota.WithoutReservations, Tokens: 0));
        return decision.IsAllowed ? null : Rejection.For(decision, new RejectedRequest(Tokens: 1, Quota: quota));
    }

    private async ValueTask<Rejection?> AnswerAsync(RoutedRequest routed)
    {
        var call = routed.Call;
        if (routed.Routes.Speaks(UpstreamApi.CountTokens))
        {
            using var answer = new PooledBuffer();
            var reply = await upstream.DispatchAsync(routed, answer, call.Http.RequestAborted);
            using (reply.Answer)
            {
                if (reply.Outcome.Next is NextStep.PassRejection)
                {
                    await UpstreamRejection.PassAsync(call.Dispatched, reply.Error!, answer.Memory);
                    return null;
                }

                if (reply.Outcome.Next is NextStep.PassAnswer && await IsCountAsync(reply.Answer!, answer, call.Http.RequestAborted))
                {
                    return await WriteAsync(call, answer.Memory);
                }
            }
        }

        var estimate = await prompts.EstimateAsync(routed) + ((long)call.Found.Images * UsualImage);
        call.Http.Response.Headers[SourceHeader] = "estimated";
        return await WriteAsync(call, JsonSerializer.SerializeToUtf8Bytes(new { input_tokens = estimate }));
    }

    /// <summary>Reads the rest of a response and checks whether it has a number.</summary>
    private static async Task<bool> IsCountAsync(UpstreamResponse upstream, PooledBuffer answer, CancellationToken cancellation)
    {
        try
        {
            while (answer.Length <= MostOfAnAnswer && await upstream.Body.ReadAsync(answer.GetMemory(), cancellation) is > 0 and var read)
            {
                answer.Advance(read);
            }

            using var json = JsonDocument.Parse(answer.Memory);
            return json.RootElement.TryGetProperty("input_tokens", out var tokens) && tokens.TryGetInt64(out var count) && count >= 0;
        }
        catch (Exception e) when (e is JsonException or UpstreamException or InvalidOperationException)
        {
            return false;
        }
    }

    private static async ValueTask<Rejection?> WriteAsync(GatewayRequest call, ReadOnlyMemory<byte> body)
    {
        var response = call.Http.Response;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body);
        return null;
    }
}
