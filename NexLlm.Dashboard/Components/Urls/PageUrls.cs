using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>All URLs that pages link to, relative to the base address.</summary>
public static class PageUrls
{
    public const string Overview = "overview";
    public const string DeletedKeys = "keys/deleted";
    public const string NewChannel = "channels/new";
    public const string Groups = "groups";
    public const string NewGroup = "groups/new";
    public const string Account = "account";
    public const string ChangePassword = "account/password";
    public const string TwoStep = "account/two-step";
    public const string Passkeys = "account/passkeys";

    /// <summary>The account list with the invite dialog open.</summary>
    public const string Invite = "accounts?invite=true";
    public const string LogOut = "account/logout";

    /// <param name="scope">One of the values of <see cref="ScopeChoice"/>.</param>
    public static string OverviewOf(string scope) => $"{Overview}?of={scope}";

    /// <param name="address">The state of the list; null for everything.</param>
    public static string Keys(KeyListAddress? address = null) => "keys" + address?.ToQueryString();

    /// <param name="from">A key, deleted or not, whose policy the new key copies.</param>
    /// <param name="step">The slug of a wizard step; null for the first.</param>
    /// <param name="model">The initial model restriction of the new key; null for none.</param>
    public static string NewKey(long? from = null, string? step = null, string? model = null) =>
        "keys/new" + new QueryText().Add("from", from).Add("model", model).Add("step", step);

    /// <summary>A key's own page.</summary>
    /// <param name="tab">The tab.</param>
    /// <param name="days">The number of days of usage on that tab; null for the default.</param>
    public static string Key(long id, KeyTab tab = KeyTab.Overview, int? days = null) =>
        FormattableString.Invariant($"keys/{id}") + (tab is KeyTab.Overview ? "" : "/" + tab.Slug())
        + (days is null or UsageAddress.DefaultDays ? "" : FormattableString.Invariant($"?days={days}"));

    public static string EditKey(long id) => Key(id, KeyTab.Settings);

    /// <summary>The access check of a key.</summary>
    public static string Explain(long id) => Key(id, KeyTab.AccessCheck);

    /// <param name="address">The state of the page; null for the last week of the user's own account.</param>
    public static string Usage(UsageAddress? address = null) => "usage" + address?.ToQueryString();

    /// <param name="address">The state of the log; null for the last 24 hours.</param>
    public static string Logs(LogAddress? address = null) => "logs" + address?.ToQueryString();

    /// <param name="export">The export tracked by the page; null for none.</param>
    public static string LogExport(LogAddress address, Guid export) => "logs/export" + address.ToQueryString(export);

    /// <param name="address">The state of the page; null for everything.</param>
    public static string History(HistoryAddress? address = null) => "history" + address?.ToQueryString();

    /// <param name="address">The state of the list; null for everything.</param>
    public static string Accounts(AccountListAddress? address = null) => "accounts" + address?.ToQueryString();

    /// <param name="keysAt">The start of its list of keys; null for the first page.</param>
    public static string AccountOf(long id, PageCursor? keysAt = null) =>
        FormattableString.Invariant($"accounts/{id}") + (keysAt is null ? "" : $"?at={keysAt}");

    /// <param name="address">The state of the list; null for everything.</param>
    public static string Channels(ChannelListAddress? address = null) => "channels" + address?.ToQueryString();

    /// <param name="provider">The id of the form's preset.</param>
    public static string NewChannelOf(string provider) => $"{NewChannel}?provider={provider}";

    public static string Channel(long id) => FormattableString.Invariant($"channels/{id}");

    /// <param name="page">Starts at 1.</param>
    public static string GroupsAt(int page) => page > 1 ? FormattableString.Invariant($"{Groups}?page={page}") : Groups;

    public static string Group(long id) => FormattableString.Invariant($"groups/{id}");

    /// <summary>Not <c>models</c>, for which the gateway points clients to <c>/v1/models</c>.</summary>
    /// <param name="address">The state of the catalog; null for everything.</param>
    public static string Models(ModelListAddress? address = null) => "catalog" + address?.ToQueryString();

    /// <summary>A model's own page. The ID is in the query, because it may contain slashes and dots with a meaning in paths.</summary>
    public static string Model(string name) => $"catalog/model?model={Uri.EscapeDataString(name)}";

    /// <summary>The URL of a one-time link, to be handed over.</summary>
    public static string Invitation(string token) => $"account/invitation?token={token}";

    /// <summary>The URL of a one-time link, to be handed over.</summary>
    public static string ResetPassword(string token) => $"account/reset?token={token}";

    /// <summary>The second step of logging in.</summary>
    /// <param name="byRecoveryCode">Whether to use a recovery code instead of the authenticator app.</param>
    public static string SecondFactor(string returnUrl, bool byRecoveryCode = false) =>
        $"account/second-factor?{(byRecoveryCode ? "recovery=true&" : "")}returnUrl={Uri.EscapeDataString(returnUrl)}";

    /// <summary>Where a user confirms their identity.</summary>
    /// <param name="byCode">Whether to use the authenticator app instead of the password.</param>
    public static string Confirm(string returnUrl, bool byCode = false) =>
        $"account/confirm?{(byCode ? "by=code&" : "")}returnUrl={Uri.EscapeDataString(returnUrl)}";

    /// <summary>The same, returning to the current page.</summary>
    public static string Confirm(NavigationManager navigation) => Confirm("/" + navigation.ToBaseRelativePath(navigation.Uri));

    /// <summary>The log-in page, which returns to the current page.</summary>
    public static string LogIn(NavigationManager navigation) =>
        $"account/login?returnUrl={Uri.EscapeDataString("/" + navigation.ToBaseRelativePath(navigation.Uri))}";
}
