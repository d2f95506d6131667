using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Gateway.Settings;

namespace NexLlm.Dashboard.Gateway.Costs;

/// <summary>The maximum cost of a request, in tokens before the group's ratio.</summary>
/// <param name="Prompt">The tokens of everything the client sends.</param>
/// <param name="Cap">The maximum output tokens of one response.</param>
/// <param name="Answers">The number of responses requested; 0 if nothing is generated.</param>
internal readonly record struct CostBound(long Prompt, long Cap, long Answers)
{
    /// <summary>The tokens a provider adds to a prompt before counting, such as role markers and the first tokens of the response.</summary>
    public const int FixedOverhead = 16;

    public long Output => Answers * Cap;

    public long Total => Prompt + Output;

    /// <summary>
    /// Whether an honest provider may report more input than this, because a tool it runs read more than assumed. The ledger then
    /// charges the whole reservation.
    /// </summary>
    public bool HasOpenInput { get; private init; }

    /// <summary>A token is at least one byte of text, so the bytes bound the tokens without counting.</summary>
    /// <returns>Null if a part is unbounded and the model's context window, which would bound it, is unknown.</returns>
    public static CostBound? Of(UpstreamApi api, in ScannedRequest found, ModelRoutes model, GatewayOptions options)
    {
        var cap = found.Cap is { } own
            ? Math.Min(own, model.MaxOutputTokens ?? long.MaxValue)
            : Math.Min(DialectRegistry.Describe(api).DefaultCap ?? long.MaxValue, model.MaxOutputTokens ?? options.DefaultMaxOutputTokens);
        var prompt = found.HasUnknownPart ? Window(found, model) : InWindow(found.PromptBytes + FixedOverhead + Images(found, options), found, model);
        return prompt is { } most ? new CostBound(most + Tools(found, options), cap, found.Answers) { HasOpenInput = found.ProviderTools > 0 } : null;
    }

    /// <summary>The same bound with the prompt's tokens counted instead of its bytes.</summary>
    public CostBound Counted(long promptTokens, in ScannedRequest found, ModelRoutes model, GatewayOptions options) => found.HasUnknownPart
        ? this
        : this with { Prompt = Math.Min(Prompt, InWindow(promptTokens + Images(found, options), found, model) + Tools(found, options)) };

    private static long Tools(in ScannedRequest found, GatewayOptions options) => (long)found.ProviderTools * options.ProviderToolTokens;

    private static long Images(in ScannedRequest found, GatewayOptions options) => (long)found.Images * options.ImageTokens;

    /// <summary>The provider rejects what exceeds the context window, which costs nothing.</summary>
    private static long InWindow(long tokens, in ScannedRequest found, ModelRoutes model) => Math.Min(tokens, Window(found, model) ?? long.MaxValue);

    /// <summary>Each prompt of a batch has its own context window.</summary>
    private static long? Window(in ScannedRequest found, ModelRoutes model) => model.ContextTokens * found.Prompts;
}
