using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Examples;

/// <summary>
/// The models named in a key's examples: per API, the first one the key can use, preferably with a healthy channel; null if there
/// is none.
/// </summary>
public sealed record ExampleModels(string? Chat, string? Responses, string? Messages)
{
    /// <summary>For a key that can't use any model yet.</summary>
    public static ExampleModels Placeholder { get; } = new("your-model", "your-model", "your-model");

    /// <summary>The model the user chose for the test request; null for the best one.</summary>
    public FirstRequest? Chosen { get; init; }

    /// <summary>The test request; null if the key can use no model with chat or messages.</summary>
    public FirstRequest? Request => this switch
    {
        { Chosen: { } chosen } => chosen,
        { Chat: { } model } => new(model, UpstreamApi.ChatCompletions),
        { Messages: { } model } => new(model, UpstreamApi.Messages),
        _ => null,
    };

    /// <param name="routes">The routes of the key's group; null if it is disabled.</param>
    /// <returns>Null if the key can't use any model.</returns>
    public static ExampleModels? Of(KeyPolicy policy, GroupRoutes? routes)
    {
        var allowed = routes?.Models.Where(policy.Models.Allows).Order(StringComparer.Ordinal).ToList() ?? [];
        var models = new ExampleModels(First(UpstreamApi.ChatCompletions), First(UpstreamApi.Responses), First(UpstreamApi.Messages));
        return models == new ExampleModels(null, null, null) ? null : models;

        // The sort is stable, so ties are ordered by name.
        string? First(UpstreamApi api) => allowed.Select(model => routes!.Find(model)!).Where(model => model.Speaks(api))
            .MinBy(model => model.Health(api))?.Model;
    }

    /// <summary>All models the key can be tested with: healthy ones first, then by name.</summary>
    /// <param name="routes">The routes of the key's group; null if it is disabled.</param>
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

/// <summary>A model a key can be tested with.</summary>
/// <param name="Health">The best status of its channels.</param>
public sealed record TestableModel(FirstRequest Request, ChannelStatus Health);
