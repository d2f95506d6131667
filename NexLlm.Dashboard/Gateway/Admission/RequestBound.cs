using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Gateway.Dialects;

namespace NexLlm.Dashboard.Gateway.Admission;

/// <summary>The most that a request can cost, in tokens before the group's ratio.</summary>
/// <param name="Prompt">Of everything that the client sends.</param>
/// <param name="Cap">Of one answer.</param>
/// <param name="Answers">How many answers are asked for; 0 where nothing is generated.</param>
internal readonly record struct RequestBound(long Prompt, long Cap, long Answers)
{
    /// <summary>What a provider adds around a prompt before it counts: role marks, and the first words of the answer.</summary>
    private const int FixedOverhead = 16;

    public long Output => Answers * Cap;

    public long Total => Prompt + Output;

    /// <summary>A token is at least one byte of text, so bytes bound the tokens without counting them.</summary>
    /// <returns>Null if a part has no bound and the model's context window, which would be one, is not known.</returns>
    public static RequestBound? Of(UpstreamApi api, in RequestFindings found, ModelRoutes model, GatewayOptions options)
    {
        var cap = Math.Min(found.Cap ?? long.MaxValue, model.MaxOutputTokens ?? (found.Cap is null ? options.DefaultMaxOutputTokens : long.MaxValue));
        var answers = api is UpstreamApi.Embeddings ? 0 : found.Answers;
        if (found.HasUnknownPart)
        {
            return Window(found, model) is { } window ? new RequestBound(window, cap, answers) : null;
        }

        return new RequestBound(InWindow(found.PromptBytes + FixedOverhead + Images(found, options), found, model), cap, answers);
    }

    /// <summary>The same with the prompt's tokens counted instead of its bytes.</summary>
    public RequestBound Counted(long promptTokens, in RequestFindings found, ModelRoutes model, GatewayOptions options) =>
        found.HasUnknownPart ? this : this with { Prompt = Math.Min(Prompt, InWindow(promptTokens + Images(found, options), found, model)) };

    private static long Images(in RequestFindings found, GatewayOptions options) => (long)found.Images * options.ImageTokens;

    /// <summary>What does not fit into the context window is refused upstream, and costs nothing.</summary>
    private static long InWindow(long tokens, in RequestFindings found, ModelRoutes model) => Math.Min(tokens, Window(found, model) ?? long.MaxValue);

    /// <summary>Each prompt of a batch has a window of its own.</summary>
    private static long? Window(in RequestFindings found, ModelRoutes model) => model.ContextTokens * found.Prompts;
}
