using System.Text.Json;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Gateway.Authentication;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway;

/// <summary>The models that a key may use: those its group serves, as far as its restriction allows.</summary>
internal sealed class ModelsEndpoint(CallerCheck callers, ChannelDirectory channels)
{
    private const string Owner = "nexllm";

    public async ValueTask<Refusal?> ListAsync(GatewayCall call)
    {
        if (await callers.CheckAsync(call) is { } refusal)
        {
            return refusal;
        }

        var models = ModelsOf(call.Key!);
        return await AnswerAsync(call, IsAnthropicClient(call)
            ? new
            {
                data = models.Select(ForAnthropic),
                has_more = false,
                first_id = models.FirstOrDefault(),
                last_id = models.LastOrDefault(),
            }
            : new { @object = "list", data = models.Select(ForOpenAI) });
    }

    public async ValueTask<Refusal?> FindAsync(GatewayCall call, string model)
    {
        if (await callers.CheckAsync(call) is { } refusal)
        {
            return refusal;
        }

        return ModelsOf(call.Key!).Contains(model, StringComparer.Ordinal)
            ? await AnswerAsync(call, IsAnthropicClient(call) ? ForAnthropic(model) : ForOpenAI(model))
            : Refusal.For(Verdict.ModelNotFound);
    }

    private List<string> ModelsOf(LiveKey key)
    {
        var policy = key.Snapshot.Policy;
        return [.. (channels.Current.Group(policy.GroupId)?.Models ?? []).Where(policy.Models.Allows).Order(StringComparer.Ordinal)];
    }

    private static bool IsAnthropicClient(GatewayCall call) => call.Http.Request.Headers.ContainsKey("anthropic-version");

    private static object ForOpenAI(string model) => new { id = model, @object = "model", created = 0, owned_by = Owner };

    private static object ForAnthropic(string model) => new { type = "model", id = model, display_name = model, created_at = DateTimeOffset.UnixEpoch };

    private static async ValueTask<Refusal?> AnswerAsync(GatewayCall call, object answer)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(answer);
        call.Http.Response.ContentType = "application/json";
        call.Http.Response.ContentLength = body.Length;
        await call.Http.Response.Body.WriteAsync(body);
        return null;
    }
}
