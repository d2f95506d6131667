using Microsoft.AspNetCore.Components;

namespace NexLlm.Dashboard.Components.Keys.Fields;

public sealed partial class ModelsField
{
    private const int MostShown = 100;

    private bool _isOpen;
    private string _search = "";

    [Parameter, EditorRequired]
    public PolicyForm Form { get; set; } = default!;

    private List<string> Matches =>
        [.. Form.Group.Models.Where(m => m.Contains(_search.Trim(), StringComparison.OrdinalIgnoreCase))];

    private bool IsServed(string model) => Form.Group.Models.Contains(model, StringComparer.Ordinal);

    private string Meaning() => (Form.Models.Chosen.Count, Form.NotServed.Count) switch
    {
        (0, _) => "",
        (var chosen, 0) => $"{chosen} of {Form.Group.Models.Count} models selected.",
        (var chosen, var missing) => $"{chosen} selected, {missing} not available in group {Form.Group.Name}: {string.Join(", ", Form.NotServed)}.",
    };

    private Task SetAsync(string model, bool chosen)
    {
        Form.Models.Set(model, chosen);
        return Changed.InvokeAsync();
    }
}
