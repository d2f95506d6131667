using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Examples;

/// <summary>
/// The models that a key's examples name: for each API, the first the key can call, of those with a healthy channel if there are any; null where
/// there is none.
/// </summary>
public sealed record ExampleModels(string? Chat, string? Responses, string? Messages)
{
    /// <summary>For a key that can call no model yet.</summary>
    public static ExampleModels Placeholder { get; } = new("your-model", "your-model", "your-model");

    /// <summary>The model that a person chose to try the key with; null for the best.</summary>
    public FirstRequest? Chosen { get; init; }

    /// <summary>What the key is tried with; null if it can call no model by chat or messages.</summary>
    public FirstRequest? Request => this switch
    {
        { Chosen: { } chosen } => chosen,
        { Chat: { } model } => new(model, UpstreamApi.ChatCompletions),
        { Messages: { } model } => new(model, UpstreamApi.Messages),
        _ => null,
    };

    /// <param name="routes">The key's group; null if it is disabled.</param>
    /// <returns>Null if the key can call no model.</returns>
    public static ExampleModels? Of(KeyPolicy policy, GroupRoutes? routes)
    {
        var allowed = routes?.Models.Where(policy.Models.Allows).Order(StringComparer.Ordinal).ToList() ?? [];
        var models = new ExampleModels(First(UpstreamApi.ChatCompletions), First(UpstreamApi.Responses), First(UpstreamApi.Messages));
        return models == new ExampleModels(null, null, null) ? null : models;

        // The sort is stable: among equals the first by name.
        string? First(UpstreamApi api) => allowed.Select(model => routes!.Find(model)!).Where(model => model.Speaks(api))
            .MinBy(model => model.Health(api))?.Model;
    }

    /// <summary>Every model that the key can be tried with, those first that would answer, among equals by name.</summary>
    /// <param name="routes">The key's group; null if it is disabled.</param>
    public static IReadOnlyList<TestableModel> Testable(KeyPolicy policy, GroupRoutes? routes) =>
    [
        .. (routes?.Models ?? []).Where(policy.Models.Allows).Order(StringComparer.Ordinal).Select(name => routes!.Find(name)!).SelectMany(Testing).OrderBy(model => model.Health),
    ];

    private static IEnumerable<TestableModel> Testing(ModelRoutes model)
    {
        UpstreamApi? api = model.Speaks(UpstreamApi.ChatCompletions) ? UpstreamApi.ChatCompletions : model.Speaks(UpstreamApi.Messages) ? UpstreamApi.Messages : null;
        return api is { } known && model.Health(known) is { } health ? [new(new FirstRequest(model.Model, known), health)] : [];
    }
}

/// <summary>A model that a key can be tried with.</summary>
/// <param name="Health">The best of its channels.</param>
public sealed record TestableModel(FirstRequest Request, ChannelStatus Health);
