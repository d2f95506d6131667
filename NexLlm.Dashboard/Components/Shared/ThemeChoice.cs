namespace NexLlm.Dashboard.Components.Shared;

/// <summary>The user's choice, stored in the browser's <c>theme</c> cookie.</summary>
public enum ThemeChoice
{
    /// <summary>Follows the operating system.</summary>
    System,
    Light,
    Dark,
}
