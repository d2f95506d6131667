namespace NexLlm.Dashboard.Components.Keys.Wizard;

/// <summary>The seven documented steps. The first three are complete when the wizard opens.</summary>
public enum WizardStep
{
    LogIn = 1,
    OpenApiKeys,
    StartNewKey,
    NameKey,
    Configure,
    Save,
    CopyAndStore,
}

public static class WizardSteps
{
    public static IReadOnlyList<WizardStep> All { get; } = Enum.GetValues<WizardStep>();

    /// <summary>The steps with their own URL.</summary>
    public static IReadOnlyList<WizardStep> Addressed { get; } = [WizardStep.NameKey, WizardStep.Configure, WizardStep.Save];

    /// <summary>The step's slug in the URL; only the second and third of <see cref="Addressed"/> have one.</summary>
    public static string? Slug(this WizardStep step) => step switch
    {
        WizardStep.Configure => "settings",
        WizardStep.Save => "save",
        _ => null,
    };

    public static WizardStep FromSlug(string? slug) => Addressed.FirstOrDefault(step => step.Slug() == slug, WizardStep.NameKey);

    /// <summary>The requested step, or the first incomplete one before it.</summary>
    public static WizardStep Reachable(WizardStep wanted, NewKeyForm form) =>
        form.Name.Error is not null ? WizardStep.NameKey
        : wanted is WizardStep.Save && form.FirstWrong is not null ? WizardStep.Configure
        : wanted;

    /// <summary>The title in the documentation.</summary>
    public static string Title(this WizardStep step) => step switch
    {
        WizardStep.LogIn => "Log in",
        WizardStep.OpenApiKeys => "Open API Keys",
        WizardStep.StartNewKey => "Start a new key",
        WizardStep.NameKey => "Name your key",
        WizardStep.Configure => "Configure optional settings",
        WizardStep.Save => "Save the key",
        WizardStep.CopyAndStore => "Copy and store your key",
    };
}
