using System.Text;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace NexLlm.Dashboard.Components.Layout;

/// <summary>
/// Writes a theme's CSS variables once, in the document's head. Both palettes are always present and an attribute of the document
/// selects one, so that static pages follow, nothing flashes, and no circuit holds a theme.
/// </summary>
public sealed class ThemeStyles : MudThemeProvider
{
    /// <summary>For a theme that only recolors the document: another one provides sizes and fonts.</summary>
    [Parameter]
    public bool ColoursOnly { get; set; }

    protected override void GenerateTheme(StringBuilder themeStringBuilder)
    {
        base.GenerateTheme(themeStringBuilder);
        // In quotes, generic families would be treated as font names.
        themeStringBuilder.Replace("'system-ui'", "system-ui").Replace("'-apple-system'", "-apple-system").Replace("'sans-serif'", "sans-serif");
        if (ColoursOnly)
        {
            var colours = themeStringBuilder.ToString().Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal) || line.StartsWith("--mud-palette-", StringComparison.Ordinal));
            themeStringBuilder.Clear().AppendJoin('\n', colours);
        }
    }
}
