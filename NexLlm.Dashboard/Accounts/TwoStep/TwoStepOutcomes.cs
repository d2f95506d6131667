namespace NexLlm.Dashboard.Accounts.TwoStep;

/// <summary>How a person's two-step verification is set up.</summary>
/// <param name="IsOn">Whether the log-in asks for a code.</param>
/// <param name="RecoveryCodesLeft">How many have not been used.</param>
/// <param name="IsRequired">Whether the operator's settings require it of this account, which has no passkey instead.</param>
/// <param name="HasPasskey">Whether the account has one, which is as good as both steps.</param>
/// <param name="ResetAt">When somebody else took the factors away; null if nobody did since the person last set one up.</param>
public sealed record TwoStepView(bool IsOn, int RecoveryCodesLeft, bool IsRequired, bool HasPasskey, DateTimeOffset? ResetAt);

/// <summary>What came of turning two-step verification on.</summary>
public abstract record TurnOnOutcome
{
    /// <summary>It is on. The recovery codes are not to be had again.</summary>
    public sealed record Done(IReadOnlyList<string> RecoveryCodes) : TurnOnOutcome;

    /// <summary>The code is not the app's of now.</summary>
    public sealed record WrongCode(AuthenticatorOffer Offer) : TurnOnOutcome;

    /// <summary>The offer is too old, or another session's.</summary>
    public sealed record OfferExpired : TurnOnOutcome;

    public sealed record AlreadyOn : TurnOnOutcome;
}

/// <summary>What came of turning two-step verification off.</summary>
public enum TurnOffOutcome
{
    /// <summary>It is off now, or was already.</summary>
    Done,

    /// <summary>The operator's settings require it of this account, which has no passkey instead.</summary>
    Required,
}
