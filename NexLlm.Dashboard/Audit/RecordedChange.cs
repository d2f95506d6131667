using System.Text.Json;

namespace NexLlm.Dashboard.Audit;

/// <summary>A field's value before and after a change, as recorded by <see cref="AuditTrail"/>.</summary>
/// <param name="Field">The field's name.</param>
/// <param name="Before">JSON; null if there was no value.</param>
/// <param name="After">JSON; null if there is no value.</param>
public sealed record RecordedChange(string Field, JsonElement Before, JsonElement After)
{
    /// <summary>Parses <see cref="AuditEvent.Changes"/>, in recorded order.</summary>
    public static IReadOnlyList<RecordedChange> Read(string? changes) => changes is null
        ? []
        : [.. JsonSerializer.Deserialize<JsonElement>(changes).EnumerateObject()
            .Select(field => new RecordedChange(field.Name, field.Value.GetProperty("before"), field.Value.GetProperty("after")))];
}
