using System.ComponentModel.DataAnnotations;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Accounts;

/// <summary>Whether strangers may make accounts for themselves.</summary>
public enum SignUpMode
{
    Open,
    Closed,
}

/// <summary>Whether an email address and a password let anybody in.</summary>
public enum PasswordLogIn
{
    On,
    Off,
}

/// <summary>Section <c>Accounts</c> of the configuration.</summary>
public sealed record AccountsOptions
{
    public const string Section = "Accounts";

    /// <summary>Whether strangers may make accounts for themselves.</summary>
    public SignUpMode SignUp { get; init; } = SignUpMode.Open;

    /// <summary>Of whom a second factor is required. A session without one can only set it up. API keys are not affected.</summary>
    public SecondFactorMode SecondFactor { get; init; } = SecondFactorMode.Optional;

    /// <summary>Whether an email address and a password let anybody in; off, only providers and passkeys do.</summary>
    public PasswordLogIn PasswordLogIn { get; init; } = PasswordLogIn.On;

    /// <summary>The overall quota, in charged tokens, that a new account starts with.</summary>
    [Range(0, long.MaxValue)]
    public long SignUpTokens { get; init; }

    /// <summary>A file of SHA-1 hashes of passwords that nobody may choose, in order, such as Pwned Passwords; blank for none.</summary>
    public string BreachedPasswords { get; init; } = "";

    /// <summary>A login that is not used for so long is over.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "365.00:00:00")]
    public TimeSpan LoginIdle { get; init; } = TimeSpan.FromDays(14);

    /// <summary>A login is over after so long, used or not.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "365.00:00:00")]
    public TimeSpan LoginLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How many tabs one account may have open at once.</summary>
    [Range(1, 100_000)]
    public int TabsPerAccount { get; init; } = 50;

    /// <summary>How many tabs may be open from one address at once, which many people may share.</summary>
    [Range(1, 1_000_000)]
    public int TabsPerAddress { get; init; } = 500;

    /// <summary>How many tabs all accounts together may have open at once. Each costs up to a megabyte of memory.</summary>
    [Range(1, 1_000_000)]
    public int Tabs { get; init; } = 1_000;

    /// <summary>How many of <see cref="Tabs"/> only administrators may open; at most a tenth of them are kept.</summary>
    [Range(0, 100_000)]
    public int TabsForAdministrators { get; init; } = 20;

    /// <summary>How many tabs are open to everybody.</summary>
    internal int TabsForAll => Tabs - Math.Min(TabsForAdministrators, Tabs / 10);
}
