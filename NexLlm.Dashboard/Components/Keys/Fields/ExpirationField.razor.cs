using System.Globalization;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>The text is the value; the presets and the calendar only write into it.</summary>
public sealed partial class ExpirationField(KeysScript script, CurrentUser user, UserClock clock)
{
    private const string Format = "yyyy-MM-dd";

    private MudDatePicker _calendar = default!;
    private IReadOnlyList<(string Name, string Text)> _presets = [];

    [Parameter, EditorRequired]
    public required TextInput<Expiration> Input { get; set; }

    private DateOnly Today => LocalDay.Of(clock.Now, user.Zone);

    private UserClock Clock => clock;

    /// <summary>The calendar's initial day; null unless the text is a day.</summary>
    private DateTime? Day =>
        DateTime.TryParseExact(Input.Text.Trim(), Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>The text; blank if the key never expires, in any notation.</summary>
    private string Preset => Input.TryRead(out var value) && value.IsNever ? "" : Input.Text.Trim() is { Length: > 0 } text ? text : "?";

    protected override void OnParametersSet() => _presets =
    [
        ("Never", ""),
        ("7 days", InWords(Today.AddDays(7))),
        ("30 days", InWords(Today.AddDays(30))),
        ("90 days", InWords(Today.AddDays(90))),
        ("1 year", InWords(Today.AddYears(1))),
    ];

    private string Meaning() => Input.TryRead(out var value) && value.At is { } at
        ? $"Expires {Clock.Exact(at)}."
        : "Set an expiration date for the key (YYYY-MM-DD). Leave blank, or set to -1, if you do not want it to expire.";

    private static string InWords(DateOnly day) => day.ToString(Format, CultureInfo.InvariantCulture);

    private async Task OpenAsync()
    {
        await _calendar.OpenAsync();
        // Its hidden field handles the keys that move through the days.
        await _calendar.FocusAsync();
    }

    private Task ReturnAsync() => script.FocusAsync("expiration");

    // The calendar also reports the day it was given.
    private Task PickAsync(DateTime? day) => day is null || day == Day ? Task.CompletedTask : SetAsync(InWords(DateOnly.FromDateTime(day.Value)));

    private Task SetAsync(string text)
    {
        Input.IsVisited = true;
        Input.Type(text);
        return Changed.InvokeAsync();
    }
}
