namespace NexLlm.Dashboard.Accounts.Passkeys;

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="Id">The credential ID in base64url.</param>
/// <param name="Name">The owner's name for it.</param>
/// <param name="AddedAt">When it was added.</param>
/// <param name="LastUsedAt">When it was last used to log in; null if never.</param>
public sealed record PasskeyView(string Id, string Name, DateTimeOffset AddedAt, DateTimeOffset? LastUsedAt);

/// <summary>The result of changing one's own passkeys.</summary>
public abstract record PasskeyOutcome
{
    /// <summary>The change was made.</summary>
    /// <param name="Name">The passkey's name, even after its removal.</param>
    /// <param name="EndedLogins">The number of the account's other sessions that ended.</param>
    public sealed record Done(string Name, int EndedLogins = 0) : PasskeyOutcome;

    /// <summary>The name is invalid.</summary>
    public sealed record InvalidName(string Error) : PasskeyOutcome;

    /// <summary>The browser's response doesn't match its last challenge, or came too late.</summary>
    public sealed record Refused : PasskeyOutcome;

    /// <summary>The account has reached the limit.</summary>
    public sealed record TooMany : PasskeyOutcome;

    /// <summary>The account doesn't have this passkey (any longer).</summary>
    public sealed record Unknown : PasskeyOutcome;
}
