using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace NexLlm.Dashboard.Components.Keys.Examples;

/// <summary>One tab per snippet, navigable with arrow keys.</summary>
public sealed partial class ExampleTabs
{
    private int _chosen;

    [Parameter, EditorRequired]
    public required IReadOnlyList<Snippet> Snippets { get; set; }

    /// <summary>The actions for the selected snippet.</summary>
    [Parameter, EditorRequired]
    public required RenderFragment<Snippet> Buttons { get; set; }

    private Snippet Chosen => Snippets[_chosen];

    private void Follow(KeyboardEventArgs pressed) => _chosen = pressed.Key switch
    {
        "ArrowRight" => (_chosen + 1) % Snippets.Count,
        "ArrowLeft" => (_chosen + Snippets.Count - 1) % Snippets.Count,
        _ => _chosen,
    };
}
