using MudBlazor;

namespace NexLlm.Dashboard.Components.Layout;

/// <summary>
/// The theme: quiet surfaces, one accent color, hairlines instead of shadows. Colors meet the contrast requirements in both
/// modes. Plain CSS uses the variables generated for MudBlazor.
/// </summary>
public static class NexLlmTheme
{
    private const string OverlayShadow = "0 8px 28px rgb(20 18 31 / 0.18)";

    // Without a generic family at the end, a quoted list would fall back to the browser's serif font.
    private static readonly string[] _fonts = ["Inter", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#4f3fd6",
            Success = "#1b7a3d",
            Error = "#c62828",
            Warning = "#8f4b00",
            Info = "#0b62b8",
            TextPrimary = "#1b1a24",
            TextSecondary = "#5a5a66",
            TextDisabled = "#6d6d7a",
            ActionDefault = "#5a5a66",
            ActionDisabled = "#6d6d7a",
            ActionDisabledBackground = "#ececf1",
            Background = "#f7f7f9",
            BackgroundGray = "#f0f0f4",
            Surface = "#ffffff",
            DrawerBackground = "#ffffff",
            DrawerText = "#5a5a66",
            DrawerIcon = "#5a5a66",
            AppbarBackground = "#ffffff",
            AppbarText = "#1b1a24",
            LinesDefault = "#e3e3e9",
            LinesInputs = "#8b8b98",
            TableLines = "#e3e3e9",
            TableHover = "#f7f7f9",
            Divider = "#e3e3e9",
            OverlayDark = "rgb(20 18 31 / 0.45)",
        },
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
            TextDisabled = "#9493a5",
            ActionDefault = "#b9b8c8",
            ActionDisabled = "#9493a5",
            ActionDisabledBackground = "#2b2a35",
            Background = "#15141b",
            BackgroundGray = "#25242e",
            Surface = "#1e1d26",
            DrawerBackground = "#1a1921",
            DrawerText = "#b9b8c8",
            DrawerIcon = "#b9b8c8",
            AppbarBackground = "#1a1921",
            AppbarText = "#ecebf5",
            LinesDefault = "#34333f",
            LinesInputs = "#807f90",
            TableLines = "#34333f",
            TableHover = "#25242e",
            Divider = "#34333f",
            OverlayDark = "rgb(0 0 0 / 0.6)",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", DrawerWidthLeft = "232px", AppbarHeight = "56px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = _fonts, FontSize = "0.875rem", LineHeight = "1.5", LetterSpacing = "normal" },
            H1 = new H1Typography { FontFamily = _fonts, FontSize = "1.5rem", FontWeight = "600", LineHeight = "1.25", LetterSpacing = "-0.015em" },
            H2 = new H2Typography { FontFamily = _fonts, FontSize = "1rem", FontWeight = "600", LineHeight = "1.5", LetterSpacing = "-0.005em" },
            H3 = new H3Typography { FontFamily = _fonts, FontSize = "0.875rem", FontWeight = "600", LineHeight = "1.5", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = _fonts, FontSize = "1.125rem", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "-0.01em" },
            Subtitle1 = new Subtitle1Typography { FontFamily = _fonts, FontSize = "0.875rem", FontWeight = "500", LineHeight = "1.5", LetterSpacing = "normal" },
            Subtitle2 = new Subtitle2Typography { FontFamily = _fonts, FontSize = "0.8125rem", FontWeight = "500", LineHeight = "1.5", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = _fonts, FontSize = "0.875rem", LineHeight = "1.5", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = _fonts, FontSize = "0.8125rem", LineHeight = "1.5", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = _fonts, FontSize = "0.875rem", FontWeight = "500", LineHeight = "1.5", LetterSpacing = "normal", TextTransform = "none" },
            Caption = new CaptionTypography { FontFamily = _fonts, FontSize = "0.75rem", LineHeight = "1.5", LetterSpacing = "normal" },
            Overline = new OverlineTypography { FontFamily = _fonts, FontSize = "0.75rem", FontWeight = "500", LineHeight = "1.5", LetterSpacing = "normal", TextTransform = "none" },
        },
        // Cards and buttons are flat; only overlays (menus, dialogs, snackbars) have a shadow.
        Shadows = new Shadow { Elevation = [.. Enumerable.Range(0, 26).Select(level => level < 6 ? "none" : OverlayShadow)] },
    };

    /// <summary>The dark variant of the theme, written beside the light one; it changes only colors.</summary>
    public static MudTheme InDarkDocuments { get; } = new()
    {
        PaletteDark = Theme.PaletteDark,
        Typography = Theme.Typography,
        PseudoCss = new PseudoCss { Scope = ":root[data-theme=dark]" },
    };
}
