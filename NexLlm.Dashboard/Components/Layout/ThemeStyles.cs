using System.Text;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace NexLlm.Dashboard.Components.Layout;

/// <summary>
/// Writes a theme's CSS variables once, in the document's head. Both palettes are always there and an attribute of the
/// document chooses, so that static pages follow too, nothing flashes, and no circuit carries a theme.
/// </summary>
public sealed class ThemeStyles : MudThemeProvider
{
    /// <summary>For a theme that only recolours the document: sizes and fonts are another's.</summary>
    [Parameter]
    public bool ColoursOnly { get; set; }

    protected override void GenerateTheme(StringBuilder themeStringBuilder)
    {
        base.GenerateTheme(themeStringBuilder);
        // Quoted, the generic families would be looked up as fonts of that name.
        themeStringBuilder.Replace("'system-ui'", "system-ui").Replace("'-apple-system'", "-apple-system").Replace("'sans-serif'", "sans-serif");
        if (ColoursOnly)
        {
            var colours = themeStringBuilder.ToString().Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal) || line.StartsWith("--mud-palette-", StringComparison.Ordinal));
            themeStringBuilder.Clear().AppendJoin('\n', colours);
        }
    }
}
