namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>The ids that connect a control with its texts.</summary>
internal static class ElementIds
{
    public static string Label(string control) => $"{control}-label";

    public static string Help(string control) => $"{control}-help";

    public static string Note(string control) => $"{control}-note";

    public static string Error(string control) => $"{control}-error";

    /// <summary>For <c>aria-describedby</c>: an error replaces the help text.</summary>
    public static string HelpOrError(string control, string? error) => error is null ? Help(control) : Error(control);
}
