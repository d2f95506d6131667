using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Gateway.Settings;

namespace NexLlm.Dashboard.Gateway.Costs;

/// <summary>The most that a request can cost, in tokens before the group's ratio.</summary>
/// <param name="Prompt">Of everything that the client sends.</param>
/// <param name="Cap">Of one answer.</param>
/// <param name="Answers">How many answers are asked for; 0 where nothing is generated.</param>
internal readonly record struct CostBound(long Prompt, long Cap, long Answers)
{
    /// <summary>What a provider adds around a prompt before it counts: role marks, and the first words of the answer.</summary>
    public const int FixedOverhead = 16;

    public long Output => Answers * Cap;

    public long Total => Prompt + Output;

    /// <summary>
    /// Whether an honest upstream may report more input than this, because a tool of its own read more than was assumed. The
    /// ledger then charges all that was reserved.
    /// </summary>
    public bool HasOpenInput { get; private init; }

    /// <summary>A token is at least one byte of text, so bytes bound the tokens without counting them.</summary>
    /// <returns>Null if a part has no bound and the model's context window, which would be one, is not known.</returns>
    public static CostBound? Of(UpstreamApi api, in ScannedRequest found, ModelRoutes model, GatewayOptions options)
    {
        var cap = found.Cap is { } own
            ? Math.Min(own, model.MaxOutputTokens ?? long.MaxValue)
            : Math.Min(DialectRegistry.Describe(api).DefaultCap ?? long.MaxValue, model.MaxOutputTokens ?? options.DefaultMaxOutputTokens);
        var prompt = found.HasUnknownPart ? Window(found, model) : InWindow(found.PromptBytes + FixedOverhead + Images(found, options), found, model);
        return prompt is { } most ? new CostBound(most + Tools(found, options), cap, found.Answers) { HasOpenInput = found.ProviderTools > 0 } : null;
    }

    /// <summary>The same with the prompt's tokens counted instead of its bytes.</summary>
    public CostBound Counted(long promptTokens, in ScannedRequest found, ModelRoutes model, GatewayOptions options) => found.HasUnknownPart
        ? this
        : this with { Prompt = Math.Min(Prompt, InWindow(promptTokens + Images(found, options), found, model) + Tools(found, options)) };

    private static long Tools(in ScannedRequest found, GatewayOptions options) => (long)found.ProviderTools * options.ProviderToolTokens;

    private static long Images(in ScannedRequest found, GatewayOptions options) => (long)found.Images * options.ImageTokens;

    /// <summary>What does not fit into the context window is refused upstream, and costs nothing.</summary>
    private static long InWindow(long tokens, in ScannedRequest found, ModelRoutes model) => Math.Min(tokens, Window(found, model) ?? long.MaxValue);

    /// <summary>Each prompt of a batch has a window of its own.</summary>
    private static long? Window(in ScannedRequest found, ModelRoutes model) => model.ContextTokens * found.Prompts;
}
