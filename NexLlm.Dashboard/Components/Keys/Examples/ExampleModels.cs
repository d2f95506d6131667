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

    /// <summary>What the key is tried with; null if it can call no model by chat or messages.</summary>
    public FirstRequest? Request => this switch
    {
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
}
