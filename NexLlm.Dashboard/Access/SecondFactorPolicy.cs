namespace NexLlm.Dashboard.Access;

/// <summary>Whose log-in needs more than a password: a code of an authenticator app, or a passkey.</summary>
public enum SecondFactorMode
{
    /// <summary>Everybody decides for themselves.</summary>
    Optional,

    Administrators,

    Everyone,
}

/// <summary>Whether the settings require more than a password of an account.</summary>
internal sealed record SecondFactorPolicy(SecondFactorMode Mode)
{
    public bool Requires(bool isAdministrator) => Mode switch
    {
        SecondFactorMode.Optional => false,
        SecondFactorMode.Administrators => isAdministrator,
        SecondFactorMode.Everyone => true,
    };
}
