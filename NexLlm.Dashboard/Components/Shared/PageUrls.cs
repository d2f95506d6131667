using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Components.Accounts;
using NexLlm.Dashboard.Components.Audit;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>Every address of the program that a page links to, relative to the base address.</summary>
public static class PageUrls
{
    public const string DeletedKeys = "keys/deleted";
    public const string Account = "account";
    public const string LogOut = "account/logout";

    /// <param name="address">What the list shows; null is everything.</param>
    public static string Keys(KeyListAddress? address = null) => "keys" + address?.ToQueryString();

    /// <param name="from">A key, deleted or not, whose policy the new one begins with.</param>
    public static string NewKey(long? from = null) => from is null ? "keys/new" : FormattableString.Invariant($"keys/new?from={from}");

    public static string Key(long id) => FormattableString.Invariant($"keys/{id}");

    public static string EditKey(long id) => FormattableString.Invariant($"keys/{id}/edit");

    /// <summary>Whether a request with this key would be allowed.</summary>
    public static string Explain(long id) => FormattableString.Invariant($"keys/{id}/explain");

    /// <param name="address">What the list shows; null is everything.</param>
    public static string Accounts(AccountListAddress? address = null) => "accounts" + address?.ToQueryString();

    /// <param name="keysAt">Where its list of keys begins; null is the first page.</param>
    public static string AccountOf(long id, PageCursor? keysAt = null) =>
        FormattableString.Invariant($"accounts/{id}") + (keysAt is null ? "" : $"?at={keysAt}");

    /// <param name="address">What it shows; null is everything.</param>
    public static string History(HistoryAddress? address = null) => "history" + address?.ToQueryString();

    /// <summary>A one-time link's address, to be handed over.</summary>
    public static string Invitation(string token) => $"account/invitation?token={token}";

    /// <summary>A one-time link's address, to be handed over.</summary>
    public static string ResetPassword(string token) => $"account/reset?token={token}";

    /// <summary>The log-in page, which leads back to where the person is now.</summary>
    public static string LogIn(NavigationManager navigation) =>
        $"account/login?returnUrl={Uri.EscapeDataString("/" + navigation.ToBaseRelativePath(navigation.Uri))}";
}
