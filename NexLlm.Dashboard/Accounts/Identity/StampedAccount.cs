namespace NexLlm.Dashboard.Accounts.Identity;

/// <summary>An account with its security stamp, as stored in a cookie. Invalid once the account's credentials change.</summary>
public sealed record StampedAccount(long Id, string Stamp)
{
    internal static StampedAccount Of(Account account) => new(account.Id, account.SecurityStamp!);
}
