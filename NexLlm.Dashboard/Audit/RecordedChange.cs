using System.Text.Json;

namespace NexLlm.Dashboard.Audit;

/// <summary>A field's value before and after, as <see cref="AuditTrail"/> recorded it.</summary>
/// <param name="Field">The field's name.</param>
/// <param name="Before">JSON; null where there was nothing.</param>
/// <param name="After">JSON; null where there is nothing.</param>
public sealed record RecordedChange(string Field, JsonElement Before, JsonElement After)
{
    /// <summary>Of an event's <see cref="AuditEvent.Changes"/>, in the order in which they were recorded.</summary>
    public static IReadOnlyList<RecordedChange> Read(string? changes) => changes is null
        ? []
        : [.. JsonSerializer.Deserialize<JsonElement>(changes).EnumerateObject()
            .Select(field => new RecordedChange(field.Name, field.Value.GetProperty("before"), field.Value.GetProperty("after")))];
}
