using System.Text.Json;
using System.Text.Json.Serialization;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Gateway.Authentication;
using NexLlm.Dashboard.Gateway.Dialects.Anthropic;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway;

/// <summary>Lists the models a key can use, in OpenAI's format or, for clients that send <c>anthropic-version</c>, in Anthropic's.</summary>
internal sealed class ModelsEndpoint(CallerCheck callers, ChannelDirectory channels)
{
    private const string Owner = "nexllm";

    /// <summary>OpenAI's format has no fields for limits, so they are written only when known.</summary>
    private static readonly JsonSerializerOptions _openAI = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public async ValueTask<Rejection?> ListAsync(GatewayRequest call)
    {
        if (await callers.CheckAsync(call) is { } refusal)
        {
            return refusal;
        }

        var models = ModelsOf(call.Authenticated);
        if (call.Dialect is not AnthropicDialect)
        {
            return await AnswerAsync(call, new { @object = "list", data = models.Select(ForOpenAI) }, _openAI);
        }

        if (!ModelPage.TryRead(call.Http.Request.Query, models, out var page, out var wrong))
        {
            return wrong;
        }

        return await AnswerAsync(call, new
        {
            data = page.Models.Select(ForAnthropic),
            has_more = page.HasMore,
            first_id = page.Models is [var first, ..] ? first.Model : null,
            last_id = page.Models is [.., var last] ? last.Model : null,
        });
    }

    public async ValueTask<Rejection?> FindAsync(GatewayRequest call, string id)
    {
        if (await callers.CheckAsync(call) is { } refusal)
        {
            return refusal;
        }

        return ModelsOf(call.Authenticated).Find(model => model.Model == id) switch
        {
            null => Rejection.For(Verdict.ModelNotFound, new RejectedRequest(id)),
            var model when call.Dialect is AnthropicDialect => await AnswerAsync(call, ForAnthropic(model)),
            var model => await AnswerAsync(call, ForOpenAI(model), _openAI),
        };
    }

    /// <summary>Sorted by id.</summary>
    private List<ModelRoutes> ModelsOf(AuthenticatedRequest caller)
    {
        var policy = caller.Key.Snapshot.Policy;
        return channels.Current.Group(policy.GroupId) is { } group
            ? [.. group.Models.Where(policy.Models.Allows).Order(StringComparer.Ordinal).Select(model => group.Find(model)!)]
            : [];
    }

    /// <summary>Includes limits under the names that clients of other gateways use.</summary>
    private static object ForOpenAI(ModelRoutes model) => new
    {
        id = model.Model,
        @object = "model",
        created = 0,
        owned_by = Owner,
        context_window = model.MinContextTokens,
        context_length = model.MinContextTokens,
        max_output_tokens = model.MaxOutputTokens,
        max_completion_tokens = model.MaxOutputTokens,
    };

    /// <summary>Includes every field of Anthropic's format; it represents unknown values by null or the epoch.</summary>
    private static object ForAnthropic(ModelRoutes model) => new
    {
        type = "model",
        id = model.Model,
        display_name = model.Model,
        created_at = "1970-01-01T00:00:00Z",
        max_input_tokens = model.MinContextTokens,
        max_tokens = model.MaxOutputTokens,
        capabilities = (object?)null,
        line = (string?)null,
    };

    private static async ValueTask<Rejection?> AnswerAsync(GatewayRequest call, object answer, JsonSerializerOptions? shape = null)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(answer, shape);
        call.Http.Response.ContentType = "application/json";
        call.Http.Response.ContentLength = body.Length;
        await call.Http.Response.Body.WriteAsync(body);
        return null;
    }
}
