using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace NexLlm.Dashboard.Components.Keys.Fields;

public sealed partial class ModelsField
{
    private const int MostShown = 100;

    private MudAutocomplete<string> _search = default!;

    [Parameter, EditorRequired]
    public required PolicyForm Form { get; set; }

    private string Nothing => Form.Group.Models.Count == 0 ? $"Group {Form.Group.Name} has no models available." : "No matching models.";

    private bool IsServed(string model) => Form.Group.Models.Contains(model, StringComparer.Ordinal);

    private string Meaning() => (Form.Models.Chosen.Count, Form.NotServed.Count) switch
    {
        (0, _) => "Restrict this key to specific models. Leave blank to allow access to all available models.",
        (var chosen, 0) => $"{chosen} of {Form.Group.Models.Count} models selected.",
        (var chosen, var missing) => $"{chosen} selected, {missing} not available in group {Form.Group.Name}: {string.Join(", ", Form.NotServed)}.",
    };

    private Task<IEnumerable<string>> SearchAsync(string? search, CancellationToken cancellation) => Task.FromResult(
        Form.Group.Models.Except(Form.Models.Chosen, StringComparer.Ordinal).Where(model => model.Contains(search?.Trim() ?? "", StringComparison.OrdinalIgnoreCase)));

    private async Task AddAsync(string? model)
    {
        if (model is null)
            return;
        Form.Models.Set(model, chosen: true);
        // Clears the field for the next model.
        await _search.ClearAsync();
        await Changed.InvokeAsync();
    }

    private async Task RemoveAsync(string model)
    {
        Form.Models.Set(model, chosen: false);
        await Changed.InvokeAsync();
        // The focused element was removed.
        await _search.FocusAsync();
    }
}
