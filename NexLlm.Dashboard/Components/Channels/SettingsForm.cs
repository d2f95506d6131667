using NexLlm.Dashboard.Channels.Administration;

namespace NexLlm.Dashboard.Components.Channels;

/// <summary>Settings as edited in a form.</summary>
public interface ISettingsForm
{
    bool IsTouched { get; }

    /// <summary>The id of the first invalid control; null if there is none.</summary>
    string? FirstWrong { get; }

    void ShowErrors();

    /// <summary>Shows an error reported by the service.</summary>
    void Refuse(SettingError error);
}

/// <summary>A prepared save.</summary>
/// <param name="Change">The change that may break something; null if nothing can.</param>
public sealed record Saving<TStored>(PlannedChange? Change, Func<Task<SaveOutcome<TStored>>> Write);
