using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>What the account's overall quota means for its keys.</summary>
internal static class AccountWords
{
    /// <summary>In charged tokens; null if the account is unlimited.</summary>
    public static long? Left(AccountOverview account) => new TokenQuota(account.TokenLimit, account.UsedTokens).Remaining;

    public static string StillHolds(AccountOverview account) => (account.TokenLimit, Left(account)) switch
    {
        (null, _) => "Your account has no overall quota either.",
        (0, _) => "Your account's overall quota is 0 tokens: no key of yours is answered until an administrator gives the account some.",
        (_, 0) => "Your account's overall quota still holds, and it is used up: no key of yours is answered until an administrator raises it.",
        (_, { } left) => $"Your account's overall quota still holds: {TokenQuota.InWords(left)} left.",
        (_, null) => throw new InvalidOperationException("A limited account has a remainder."),
    };
}
