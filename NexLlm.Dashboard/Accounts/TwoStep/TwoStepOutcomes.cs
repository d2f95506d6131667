namespace NexLlm.Dashboard.Accounts.TwoStep;

/// <summary>The state of a person's two-step verification.</summary>
/// <param name="IsOn">Whether login asks for a code.</param>
/// <param name="RecoveryCodesLeft">The number of unused recovery codes.</param>
/// <param name="IsRequired">Whether the settings require it for this account, which has no passkey instead.</param>
/// <param name="HasPasskey">Whether the account has a passkey, which replaces both steps.</param>
/// <param name="ResetAt">When someone else removed the factors; null if they were never removed or have been set up again since.</param>
public sealed record TwoStepView(bool IsOn, int RecoveryCodesLeft, bool IsRequired, bool HasPasskey, DateTimeOffset? ResetAt);

/// <summary>The result of turning two-step verification on.</summary>
public abstract record TurnOnOutcome
{
    /// <summary>It is on. The recovery codes can't be retrieved later.</summary>
    public sealed record Done(IReadOnlyList<string> RecoveryCodes) : TurnOnOutcome;

    /// <summary>The code isn't the app's current one.</summary>
    public sealed record WrongCode(AuthenticatorOffer Offer) : TurnOnOutcome;

    /// <summary>The offer has expired or belongs to another session.</summary>
    public sealed record OfferExpired : TurnOnOutcome;

    public sealed record AlreadyOn : TurnOnOutcome;
}

/// <summary>The result of turning two-step verification off.</summary>
public enum TurnOffOutcome
{
    /// <summary>It was turned off, or already was.</summary>
    Done,

    /// <summary>The settings require it for this account, which has no passkey instead.</summary>
    Required,
}
