using NexLlm.Dashboard.Channels.Administration;

namespace NexLlm.Dashboard.Components.Channels;

/// <summary>Settings as a person enters them.</summary>
public interface ISettingsForm
{
    bool IsTouched { get; }

    /// <summary>The id of the first control that needs the person's hand; null if none does.</summary>
    string? FirstWrong { get; }

    void ShowErrors();

    /// <summary>What the service found wrong.</summary>
    void Refuse(SettingError error);
}

/// <summary>What saving would do.</summary>
/// <param name="Change">By which something may break; null if nothing can.</param>
public sealed record Saving<TStored>(PlannedChange? Change, Func<Task<SaveOutcome<TStored>>> Write);
