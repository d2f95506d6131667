namespace NexLlm.Dashboard.Accounts.Identity;

/// <summary>An account as its credentials were at some moment, as a cookie remembers it. With other credentials it is void.</summary>
public sealed record StampedAccount(long Id, string Stamp)
{
    internal static StampedAccount Of(Account account) => new(account.Id, account.SecurityStamp!);
}
