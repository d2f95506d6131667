using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Accounts;

/// <summary>An account's state as shown on pages: a tone of the style sheet, an icon of the sprite and a word.</summary>
internal static class AccountBadge
{
    public static (string Tone, string Icon, string Word) Of(AccountDetails account) => account switch
    {
        { IsActive: false } => ("", "#i-pause", "Disabled"),
        { TokenLimit: 0 } => ("soon", "#i-warning", "No quota yet"),
        _ when QuotaOf(account).IsExhausted => ("bad", "#i-warning", "Quota exhausted"),
        _ => ("good", "#i-check", "Active"),
    };

    public static TokenQuota QuotaOf(AccountDetails account) => new(account.TokenLimit, account.UsedTokens);
}
