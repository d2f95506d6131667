using System.ComponentModel.DataAnnotations;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Accounts;

/// <summary>Whether anyone can create an account.</summary>
public enum SignUpMode
{
    Open,
    Closed,
}

/// <summary>Whether people can log in with an email and a password.</summary>
public enum PasswordLogIn
{
    On,
    Off,
}

/// <summary>Section <c>Accounts</c> of the configuration.</summary>
public sealed record AccountsOptions
{
    public const string Section = "Accounts";

    /// <summary>Whether anyone can create an account.</summary>
    public SignUpMode SignUp { get; init; } = SignUpMode.Open;

    /// <summary>The accounts that require a second factor. Without one, a session can only set it up. API keys aren't affected.</summary>
    public SecondFactorMode SecondFactor { get; init; } = SecondFactorMode.Optional;

    /// <summary>Whether people can log in with an email and a password. If off, only providers and passkeys are available.</summary>
    public PasswordLogIn PasswordLogIn { get; init; } = PasswordLogIn.On;

    /// <summary>The initial overall quota of a new account, in charged tokens.</summary>
    [Range(0, long.MaxValue)]
    public long SignUpTokens { get; init; }

    /// <summary>The path of a sorted file with SHA-1 hashes of forbidden passwords, such as Pwned Passwords; blank for none.</summary>
    public string BreachedPasswords { get; init; } = "";

    /// <summary>The idle time after which a session ends.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "365.00:00:00")]
    public TimeSpan LoginIdle { get; init; } = TimeSpan.FromDays(14);

    /// <summary>The maximum lifetime of a session, even if it is in use.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "365.00:00:00")]
    public TimeSpan LoginLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The maximum number of open tabs per account.</summary>
    [Range(1, 100_000)]
    public int TabsPerAccount { get; init; } = 50;

    /// <summary>The maximum number of open tabs per IP address, which many people may share.</summary>
    [Range(1, 1_000_000)]
    public int TabsPerAddress { get; init; } = 500;

    /// <summary>The maximum number of open tabs in total. Each uses up to a megabyte of memory.</summary>
    [Range(1, 1_000_000)]
    public int Tabs { get; init; } = 1_000;

    /// <summary>The number of <see cref="Tabs"/> reserved for administrators, capped at a tenth of them.</summary>
    [Range(0, 100_000)]
    public int TabsForAdministrators { get; init; } = 20;

    /// <summary>The number of tabs available to everyone.</summary>
    internal int TabsForAll => Tabs - Math.Min(TabsForAdministrators, Tabs / 10);
}
