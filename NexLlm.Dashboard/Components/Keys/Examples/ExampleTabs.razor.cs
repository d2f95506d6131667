using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace NexLlm.Dashboard.Components.Keys.Examples;

/// <summary>A tab for each snippet, which arrow keys move through.</summary>
public sealed partial class ExampleTabs
{
    private int _chosen;

    [Parameter, EditorRequired]
    public IReadOnlyList<Snippet> Snippets { get; set; } = [];

    /// <summary>What can be done with the chosen snippet.</summary>
    [Parameter, EditorRequired]
    public RenderFragment<Snippet> Buttons { get; set; } = default!;

    private Snippet Chosen => Snippets[_chosen];

    private Task MoveAsync(KeyboardEventArgs pressed)
    {
        var last = Snippets.Count - 1;
        int? next = pressed.Key switch
        {
            "ArrowRight" => _chosen == last ? 0 : _chosen + 1,
            "ArrowLeft" => _chosen == 0 ? last : _chosen - 1,
            "Home" => 0,
            "End" => last,
            _ => null,
        };
        if (next is null)
            return Task.CompletedTask;
        _chosen = next.Value;
        return Script.FocusAsync($"example-{_chosen}");
    }
}
