using MudBlazor;

namespace NexLlm.Dashboard.Components.Layout;

/// <summary>
/// The look: quiet surfaces, one accent colour, hairlines instead of shadows. Colours are checked for contrast in both
/// modes. Plain CSS uses the same variables that this makes for MudBlazor.
/// </summary>
public static class NexLlmTheme
{
    // Without one of the generic names at its end a quoted list would fall back to the browser's serif.
    private static readonly string[] _systemFonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"];

    public static MudTheme Light { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#4f3fd6",
            Success = "#1b7a3d",
            Error = "#c62828",
            Warning = "#8a5300",
            Info = "#0b62b8",
            TextPrimary = "#1b1a24",
            TextSecondary = "#5a5a66",
            ActionDefault = "#5a5a66",
            Background = "#f7f7f9",
            BackgroundGray = "#f0f0f4",
            Surface = "#ffffff",
            DrawerBackground = "#ffffff",
            DrawerText = "#5a5a66",
            AppbarBackground = "#ffffff",
            AppbarText = "#1b1a24",
            LinesDefault = "#e3e3e9",
            LinesInputs = "#8b8b98",
            TableLines = "#e3e3e9",
            Divider = "#e3e3e9",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
        Typography = QuietTypography(),
        Shadows = new Shadow { Elevation = FlatBelowOverlays() },
    };

    public static MudTheme Dark { get; } = new()
    {
        PaletteDark = new PaletteDark
        {
            Primary = "#9d92ff",
            PrimaryContrastText = "#14121f",
            Success = "#5fd38d",
            SuccessContrastText = "#14121f",
            Error = "#ff8a80",
            ErrorContrastText = "#14121f",
            Warning = "#ffc46b",
            WarningContrastText = "#14121f",
            Info = "#7db8ff",
            InfoContrastText = "#14121f",
            TextPrimary = "#ecebf5",
            TextSecondary = "#b9b8c8",
            ActionDefault = "#b9b8c8",
            Background = "#15141b",
            BackgroundGray = "#1a1921",
            Surface = "#1e1d26",
            DrawerBackground = "#1e1d26",
            DrawerText = "#b9b8c8",
            AppbarBackground = "#1e1d26",
            AppbarText = "#ecebf5",
            LinesDefault = "#34333f",
            LinesInputs = "#807f90",
            TableLines = "#34333f",
            Divider = "#34333f",
        },
        PseudoCss = new PseudoCss { Scope = ":root[data-theme=dark]" },
        Typography = QuietTypography(),
    };

    private static Typography QuietTypography() => new()
    {
        Default = new DefaultTypography { FontFamily = _systemFonts, LetterSpacing = "normal" },
        Button = new ButtonTypography { FontFamily = _systemFonts, FontWeight = "600", LetterSpacing = "normal", TextTransform = "none" },
    };

    /// <summary>Cards and buttons lie flat; only what floats above the page (menus, dialogs, snackbars) has a shadow.</summary>
    private static string[] FlatBelowOverlays() =>
        [.. Enumerable.Range(0, 26).Select(level => level < 6 ? "none" : "0 8px 28px rgb(20 18 31 / 0.18)")];
}
