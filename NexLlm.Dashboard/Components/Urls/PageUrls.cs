using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>Every address of the program that a page links to, relative to the base address.</summary>
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

    /// <summary>The list of accounts, with the dialog that invites somebody.</summary>
    public const string Invite = "accounts?invite=true";
    public const string LogOut = "account/logout";

    /// <param name="scope">Whose figures, by <see cref="ScopeChoice"/>'s words.</param>
    public static string OverviewOf(string scope) => $"{Overview}?of={scope}";

    /// <param name="address">What the list shows; null is everything.</param>
    public static string Keys(KeyListAddress? address = null) => "keys" + address?.ToQueryString();

    /// <param name="from">A key, deleted or not, whose policy the new one begins with.</param>
    /// <param name="step">A step of the wizard by its name in addresses; null for the first.</param>
    /// <param name="model">A model that the new key is restricted to at first; null for none.</param>
    public static string NewKey(long? from = null, string? step = null, string? model = null) =>
        "keys/new" + new QueryText().Add("from", from).Add("model", model).Add("step", step);

    /// <summary>A key's own page.</summary>
    /// <param name="tab">What of it.</param>
    /// <param name="days">How many days of its use, on that tab; the usual number if null.</param>
    public static string Key(long id, KeyTab tab = KeyTab.Overview, int? days = null) =>
        FormattableString.Invariant($"keys/{id}") + (tab is KeyTab.Overview ? "" : "/" + tab.Slug())
        + (days is null or UsageAddress.DefaultDays ? "" : FormattableString.Invariant($"?days={days}"));

    public static string EditKey(long id) => Key(id, KeyTab.Settings);

    /// <summary>Whether a request with this key would be allowed.</summary>
    public static string Explain(long id) => Key(id, KeyTab.AccessCheck);

    /// <param name="address">What the page shows; null is the last week of the own account.</param>
    public static string Usage(UsageAddress? address = null) => "usage" + address?.ToQueryString();

    /// <param name="address">What the log shows; null is the last 24 hours.</param>
    public static string Logs(LogAddress? address = null) => "logs" + address?.ToQueryString();

    /// <param name="export">The export that the page follows; null is none.</param>
    public static string LogExport(LogAddress address, Guid export) => "logs/export" + address.ToQueryString(export);

    /// <param name="address">What it shows; null is everything.</param>
    public static string History(HistoryAddress? address = null) => "history" + address?.ToQueryString();

    /// <param name="address">What the list shows; null is everything.</param>
    public static string Accounts(AccountListAddress? address = null) => "accounts" + address?.ToQueryString();

    /// <param name="keysAt">Where its list of keys begins; null is the first page.</param>
    public static string AccountOf(long id, PageCursor? keysAt = null) =>
        FormattableString.Invariant($"accounts/{id}") + (keysAt is null ? "" : $"?at={keysAt}");

    /// <param name="address">What the list shows; null is everything.</param>
    public static string Channels(ChannelListAddress? address = null) => "channels" + address?.ToQueryString();

    /// <param name="provider">The id of the preset that the form begins with.</param>
    public static string NewChannelOf(string provider) => $"{NewChannel}?provider={provider}";

    public static string Channel(long id) => FormattableString.Invariant($"channels/{id}");

    /// <param name="page">Counted from 1.</param>
    public static string GroupsAt(int page) => page > 1 ? FormattableString.Invariant($"{Groups}?page={page}") : Groups;

    public static string Group(long id) => FormattableString.Invariant($"groups/{id}");

    /// <summary>Not <c>models</c>: whoever calls that is told by the gateway that it serves <c>/v1/models</c>.</summary>
    /// <param name="address">What the catalogue shows; null is everything.</param>
    public static string Models(ModelListAddress? address = null) => "catalog" + address?.ToQueryString();

    /// <summary>A model's own page. Its id may have slashes and dots, which a path would take for its own.</summary>
    public static string Model(string name) => $"catalog/model?model={Uri.EscapeDataString(name)}";

    /// <summary>A one-time link's address, to be handed over.</summary>
    public static string Invitation(string token) => $"account/invitation?token={token}";

    /// <summary>A one-time link's address, to be handed over.</summary>
    public static string ResetPassword(string token) => $"account/reset?token={token}";

    /// <summary>The second step of a log-in.</summary>
    /// <param name="byRecoveryCode">Rather than by the authenticator app.</param>
    public static string SecondFactor(string returnUrl, bool byRecoveryCode = false) =>
        $"account/second-factor?{(byRecoveryCode ? "recovery=true&" : "")}returnUrl={Uri.EscapeDataString(returnUrl)}";

    /// <summary>Where a person confirms who they are.</summary>
    /// <param name="byCode">By the authenticator app rather than the password.</param>
    public static string Confirm(string returnUrl, bool byCode = false) =>
        $"account/confirm?{(byCode ? "by=code&" : "")}returnUrl={Uri.EscapeDataString(returnUrl)}";

    /// <summary>The same, coming back to where the person is now.</summary>
    public static string Confirm(NavigationManager navigation) => Confirm("/" + navigation.ToBaseRelativePath(navigation.Uri));

    /// <summary>The log-in page, which leads back to where the person is now.</summary>
    public static string LogIn(NavigationManager navigation) =>
        $"account/login?returnUrl={Uri.EscapeDataString("/" + navigation.ToBaseRelativePath(navigation.Uri))}";
}
