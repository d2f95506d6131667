using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>What the account's overall quota means for its keys.</summary>
internal static class AccountWords
{
    /// <summary>In charged tokens; null if the account is unlimited.</summary>
    public static long? Left(AccountOverview account) => new TokenQuota(account.TokenLimit, account.UsedTokens).Remaining;

    /// <summary>What is missing and how to fix it; null while the account has quota left.</summary>
    public static string? Lacking(AccountOverview account) => (account.TokenLimit, Left(account)) switch
    {
        (0, _) => "Your account has no quota yet. Ask an administrator to add tokens; until then requests are rejected.",
        (_, 0) => "Your account's overall quota is used up. Ask an administrator to add tokens; until then requests are rejected.",
        _ => null,
    };

    public static string StillHolds(AccountOverview account) => (account.TokenLimit, Left(account)) switch
    {
        (null, _) => "Your account is also unlimited.",
        (_, 0) => Lacking(account)!,
        (_, { } left) => $"The key is still subject to your account's overall quota ({TokenQuota.InWords(left)} left).",
        (_, null) => throw new InvalidOperationException("A limited account has a remainder."),
    };
}
