namespace NexLlm.Dashboard.Accounts.Passkeys;

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="Id">Names it: the credential's id in base64url.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="AddedAt">When it was added.</param>
/// <param name="LastUsedAt">When it last logged its owner in; null if it never did.</param>
public sealed record PasskeyView(string Id, string Name, DateTimeOffset AddedAt, DateTimeOffset? LastUsedAt);

/// <summary>What came of changing one's passkeys.</summary>
public abstract record PasskeyOutcome
{
    /// <summary>It is done.</summary>
    /// <param name="Name">What the passkey is called, or was.</param>
    /// <param name="EndedLogins">How many of the account's other logins ended with it.</param>
    public sealed record Done(string Name, int EndedLogins = 0) : PasskeyOutcome;

    /// <summary>What has to be entered differently.</summary>
    public sealed record InvalidName(string Error) : PasskeyOutcome;

    /// <summary>What the browser made does not answer what it was last asked for, or too late.</summary>
    public sealed record Refused : PasskeyOutcome;

    /// <summary>The account has as many as it may have.</summary>
    public sealed record TooMany : PasskeyOutcome;

    /// <summary>The account has no such passkey (any more).</summary>
    public sealed record Unknown : PasskeyOutcome;
}
