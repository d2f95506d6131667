using System.Globalization;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Fields;

public sealed partial class ExpirationField
{
    // The calendar only hands its choice over to the text field; it shows none of its own.
    private DateOnly? _chosen;

    [Parameter, EditorRequired]
    public TextInput<Expiration> Input { get; set; } = default!;

    private (string Name, string Text)[] Presets() =>
        [("Never", ""), ("7 days", Day(7)), ("30 days", Day(30)), ("90 days", Day(90)), ("1 year", Format(Today.AddYears(1)))];

    private bool IsChosen(string preset) =>
        preset.Length == 0 ? Input.TryRead(out var value) && value.IsNever : Input.Text.Trim() == preset;

    private DateOnly Today => LocalDay.Of(Clock.Now, Person.Zone);

    private string Day(int ahead) => Format(Today.AddDays(ahead));

    private static string Format(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string Meaning() => Input.TryRead(out var value) switch
    {
        false => "",
        true when value.At is { } at => $"Expires {Clock.Exact(at)}.",
        true => "Never expires.",
    };

    private Task TypeAsync(string? text)
    {
        Input.Type(text);
        return Changed.InvokeAsync();
    }

    private Task PickAsync(DateOnly? day)
    {
        _chosen = null;
        return day is null ? Task.CompletedTask : SetAsync(Format(day.Value));
    }

    private Task SetAsync(string text)
    {
        Input.IsVisited = true;
        return TypeAsync(text);
    }

    private Task LeaveAsync()
    {
        Input.IsVisited = true;
        return Changed.InvokeAsync();
    }
}
