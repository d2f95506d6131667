namespace NexLlm.Dashboard.Access;

/// <summary>Which accounts need more than a password to log in: an authenticator code or a passkey.</summary>
public enum SecondFactorMode
{
    /// <summary>Each account decides for itself.</summary>
    Optional,

    Administrators,

    Everyone,
}

/// <summary>Decides whether the settings require a second factor for an account.</summary>
internal sealed record SecondFactorPolicy(SecondFactorMode Mode)
{
    public bool Requires(bool isAdministrator) => Mode switch
    {
        SecondFactorMode.Optional => false,
        SecondFactorMode.Administrators => isAdministrator,
        SecondFactorMode.Everyone => true,
    };
}
