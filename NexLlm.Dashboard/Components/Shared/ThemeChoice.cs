namespace NexLlm.Dashboard.Components.Shared;

/// <summary>What a person chose, kept in the <c>theme</c> cookie of this browser.</summary>
public enum ThemeChoice
{
    /// <summary>What the operating system says, as it changes.</summary>
    System,
    Light,
    Dark,
}
