using System.Collections.Frozen;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.Audit;

/// <summary>The only texts for audit actions. A test detects a missing action.</summary>
public static class AuditText
{
    private static readonly FrozenDictionary<string, string> _words = new Dictionary<string, string>
    {
        [AuditActions.KeyCreated] = "Key created",
        [AuditActions.KeyEdited] = "Key edited",
        [AuditActions.KeyEnabled] = "Key enabled",
        [AuditActions.KeyDisabled] = "Key disabled",
        [AuditActions.KeyDeleted] = "Key deleted",
        [AuditActions.KeyRestored] = "Key restored",
        [AuditActions.KeyPurged] = "Deleted key purged",
        [AuditActions.ChannelCreated] = "Channel created",
        [AuditActions.ChannelEdited] = "Channel edited",
        [AuditActions.ChannelEnabled] = "Channel enabled",
        [AuditActions.ChannelDisabled] = "Channel disabled",
        [AuditActions.ChannelDeleted] = "Channel deleted",
        [AuditActions.GroupCreated] = "Group created",
        [AuditActions.GroupEdited] = "Group edited",
        [AuditActions.GroupEnabled] = "Group enabled",
        [AuditActions.GroupDisabled] = "Group disabled",
        [AuditActions.GroupDeleted] = "Group deleted",
        [AuditActions.BackupMade] = "Backup created",
        [AuditActions.BackupRestored] = "Backup restored",
        [AuditActions.DemoDataAdded] = "Demo keys added",
        [AuditActions.AccountCreated] = "Account created",
        [AuditActions.AccountInvited] = "Invitation created",
        [AuditActions.AccountInvitationWithdrawn] = "Invitation revoked",
        [AuditActions.AccountQuotaGranted] = "Overall quota increased",
        [AuditActions.AccountQuotaSet] = "Overall quota set",
        [AuditActions.AccountEnabled] = "Account enabled",
        [AuditActions.AccountDisabled] = "Account disabled",
        [AuditActions.AccountMadeAdministrator] = "Administrator added",
        [AuditActions.AccountAdministratorTaken] = "Administrator removed",
        [AuditActions.AccountPasswordChanged] = "Password changed",
        [AuditActions.AccountResetLinkIssued] = "Password reset link created",
        [AuditActions.AccountResetLinkWithdrawn] = "Password reset link revoked",
        [AuditActions.AccountPasswordReset] = "Password reset",
        [AuditActions.AccountPasskeyAdded] = "Passkey added",
        [AuditActions.AccountPasskeyRenamed] = "Passkey renamed",
        [AuditActions.AccountPasskeyRemoved] = "Passkey removed",
        [AuditActions.AccountLoggedIn] = "Logged in",
        [AuditActions.AccountLogInRefused] = "Login failed",
        [AuditActions.AccountLoggedOut] = "Logged out",
        [AuditActions.AccountSessionRevoked] = "Session ended",
        [AuditActions.AccountSignedOut] = "Logged out everywhere",
        [AuditActions.AccountTwoStepOn] = "Two-step verification turned on",
        [AuditActions.AccountTwoStepOff] = "Two-step verification turned off",
        [AuditActions.AccountRecoveryCodesRenewed] = "Recovery codes replaced",
        [AuditActions.AccountRecoveryCodeUsed] = "Recovery code used",
        [AuditActions.AccountSecondFactorRefused] = "Login code rejected",
        [AuditActions.AccountReauthenticated] = "Identity confirmed",
        [AuditActions.AccountReauthenticationRefused] = "Identity confirmation failed",
        [AuditActions.AccountFactorsReset] = "Two-step verification and passkeys reset",
        [AuditActions.AccountProviderConnected] = "Single sign-on connected",
        [AuditActions.AccountProviderDisconnected] = "Single sign-on disconnected",
        [AuditActions.AccountSessionEndedByProvider] = "Session ended by the provider",
        [AuditActions.AccountBreakGlassLinkIssued] = "Break-glass link created",
    }.ToFrozenDictionary();

    /// <summary>All actions except logging in and out, which changes nothing.</summary>
    public static IReadOnlyList<string> Changes { get; } =
        [.. _words.Keys.Except([
            AuditActions.AccountLoggedIn, AuditActions.AccountLogInRefused, AuditActions.AccountLoggedOut, AuditActions.AccountSecondFactorRefused,
            AuditActions.AccountReauthenticated, AuditActions.AccountReauthenticationRefused,
        ])];

    /// <summary>An action without a text yet is shown by its stored name.</summary>
    public static string Of(string action) => _words.GetValueOrDefault(action, action);

    /// <summary>The name of the filter: everything if blank, a kind by its slug, or one action.</summary>
    public static string NameOf(string? what) =>
        string.IsNullOrEmpty(what) ? "All events" : HistoryAddress.LabelOf(what) is { } kind ? $"{kind}: all" : Of(what);
}
