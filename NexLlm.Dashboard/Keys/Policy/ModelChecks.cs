namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The called model and endpoint.</summary>
/// <param name="Model">The requested ID; null for a request without a model, or with one the group doesn't serve.</param>
/// <param name="IsServed">Whether the endpoint serves the model; null if no endpoint does.</param>
public readonly record struct ModelFacts(KeyPolicy Policy, GroupSnapshot Group, string? Model, bool? IsServed);

/// <summary>Checks whether the key can use the model at this endpoint.</summary>
internal static class ModelChecks
{
    public static readonly Check<ModelFacts> Found = new(Verdict.ModelNotFound,
        // Another group's models don't apply to this key, so a snapshot of the wrong group denies access.
        (in facts) => facts.Group.Id == facts.Policy.GroupId && facts.Model is { } model && facts.Group.Models.Contains(model),
        (in facts, passed) => passed
            ? $"{facts.Model} is available in group {facts.Group.Name}."
            : $"{facts.Model ?? "A request without a model"} isn't available in the key's group.");

    public static readonly Check<ModelFacts> Allowed = new(Verdict.ModelNotAllowed,
        (in facts) => facts.Policy.Models.IsUnrestricted || (facts.Model is { } model && facts.Policy.Models.Allows(model)),
        (in facts, passed) => facts.Policy.Models.IsUnrestricted
            ? "The key allows all available models."
            : $"The key {(passed ? "allows" : "doesn't allow")} {facts.Model ?? "a request without a model"}.");

    public static readonly Check<ModelFacts> EndpointServed = new(Verdict.WrongEndpoint,
        (in facts) => facts.IsServed is true,
        (in facts, _) => facts.IsServed switch
        {
            true => "The model supports this endpoint.",
            false => "The model doesn't support this endpoint.",
            null => "The model isn't available at any endpoint.",
        });
}
