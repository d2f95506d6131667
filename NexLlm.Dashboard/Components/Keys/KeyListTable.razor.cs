using System.Globalization;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys;

public sealed partial class KeyListTable(UserClock clock)
{
    // Columns hidden in narrower lists are marked wide, or widest if hidden first.
    private static readonly (string Label, KeySort? Sort, string? Css)[] _columns =
    [
        ("Name", KeySort.Name, null), ("Status", null, null), ("Quota", null, null), ("Group", null, "wide"), ("Models", null, "wide num"),
        ("IPs", null, "wide num"), ("Created", KeySort.Created, "widest"), ("Last used", KeySort.LastUsed, null), ("Expires", KeySort.Expires, null),
    ];

    [Parameter, EditorRequired]
    public IReadOnlyList<KeyDetails> Keys { get; set; } = [];

    [Parameter, EditorRequired]
    public KeyListAddress Address { get; set; } = KeyListAddress.Default;

    /// <summary>The current account; administrators can't edit other people's keys.</summary>
    [Parameter, EditorRequired]
    public long? OwnerId { get; set; }

    [Parameter, EditorRequired]
    public HashSet<long> Selected { get; set; } = [];

    /// <summary>Raised when a key was added to or removed from <see cref="Selected"/>.</summary>
    [Parameter]
    public EventCallback SelectionChanged { get; set; }

    /// <summary>Called before the browser opens a row's menu. Not an EventCallback, which would render the whole page.</summary>
    [Parameter, EditorRequired]
    public Action<KeyDetails> MenuRequested { get; set; } = _ => { };

    [Parameter]
    public EventCallback<KeyDetails> DeleteRequested { get; set; }

    private UserClock Clock => clock;

    private bool AllSelected => Keys.All(key => Selected.Contains(key.Id));

    private string? Direction(KeySort? sort) =>
        sort is null ? null : sort != Address.Query.Sort ? "none" : Address.Query.Descending ? "descending" : "ascending";

    private Task SelectAsync(IEnumerable<KeyDetails> chosen, bool isSelected)
    {
        foreach (var key in chosen)
        {
            _ = isSelected ? Selected.Add(key.Id) : Selected.Remove(key.Id);
        }

        return SelectionChanged.InvokeAsync();
    }

    private static string Bar(KeyDetails key) => key.IsEnabled ? QuotaBar.CssClass(key.Quota) : "bar bar-grey";

    private static string Ratio(KeyDetails key) => key.GroupRatio.ToString("0.0#####", CultureInfo.InvariantCulture);

    private static string Models(ModelRestriction models) =>
        models.IsUnrestricted ? "All" : models.DeniesAll ? "None" : models.Models.Count.ToString(CultureInfo.InvariantCulture);

    private static string Ips(IpAllowlist ips) =>
        ips.IsUnrestricted ? "Any" : ips.DeniesAll ? "None" : ips.Ranges.Count.ToString(CultureInfo.InvariantCulture);
}
