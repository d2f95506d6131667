using System.Collections.Frozen;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Components.Audit;

/// <summary>What events are about, as a person filters them.</summary>
public enum HistoryKind
{
    Keys,
    Accounts,
    LogIns,
    Channels,
    Other,
}

/// <summary>The audit's actions in plain words. Here and nowhere else; a test finds an action that is missing.</summary>
public static class AuditWords
{
    private static readonly FrozenDictionary<string, (HistoryKind Kind, string Words)> _words = new Dictionary<string, (HistoryKind, string)>
    {
        [AuditActions.KeyCreated] = (HistoryKind.Keys, "Key created"),
        [AuditActions.KeyEdited] = (HistoryKind.Keys, "Key edited"),
        [AuditActions.KeyEnabled] = (HistoryKind.Keys, "Key enabled"),
        [AuditActions.KeyDisabled] = (HistoryKind.Keys, "Key disabled"),
        [AuditActions.KeyDeleted] = (HistoryKind.Keys, "Key deleted"),
        [AuditActions.KeyRestored] = (HistoryKind.Keys, "Key restored"),
        [AuditActions.KeyPurged] = (HistoryKind.Keys, "Deleted key purged"),
        [AuditActions.ChannelCreated] = (HistoryKind.Channels, "Channel created"),
        [AuditActions.ChannelEdited] = (HistoryKind.Channels, "Channel edited"),
        [AuditActions.ChannelEnabled] = (HistoryKind.Channels, "Channel enabled"),
        [AuditActions.ChannelDisabled] = (HistoryKind.Channels, "Channel disabled"),
        [AuditActions.ChannelDeleted] = (HistoryKind.Channels, "Channel deleted"),
        [AuditActions.GroupCreated] = (HistoryKind.Channels, "Group created"),
        [AuditActions.GroupEdited] = (HistoryKind.Channels, "Group edited"),
        [AuditActions.GroupEnabled] = (HistoryKind.Channels, "Group enabled"),
        [AuditActions.GroupDisabled] = (HistoryKind.Channels, "Group disabled"),
        [AuditActions.GroupDeleted] = (HistoryKind.Channels, "Group deleted"),
        [AuditActions.BackupMade] = (HistoryKind.Other, "Backup created"),
        [AuditActions.BackupRestored] = (HistoryKind.Other, "Backup restored"),
        [AuditActions.DemoDataAdded] = (HistoryKind.Other, "Demo keys added"),
        [AuditActions.AccountCreated] = (HistoryKind.Accounts, "Account created"),
        [AuditActions.AccountInvited] = (HistoryKind.Accounts, "Invitation created"),
        [AuditActions.AccountInvitationWithdrawn] = (HistoryKind.Accounts, "Invitation revoked"),
        [AuditActions.AccountQuotaGranted] = (HistoryKind.Accounts, "Overall quota increased"),
        [AuditActions.AccountQuotaSet] = (HistoryKind.Accounts, "Overall quota set"),
        [AuditActions.AccountEnabled] = (HistoryKind.Accounts, "Account enabled"),
        [AuditActions.AccountDisabled] = (HistoryKind.Accounts, "Account disabled"),
        [AuditActions.AccountMadeAdministrator] = (HistoryKind.Accounts, "Administrator added"),
        [AuditActions.AccountAdministratorTaken] = (HistoryKind.Accounts, "Administrator removed"),
        [AuditActions.AccountPasswordChanged] = (HistoryKind.LogIns, "Password changed"),
        [AuditActions.AccountResetLinkIssued] = (HistoryKind.LogIns, "Password reset link created"),
        [AuditActions.AccountResetLinkWithdrawn] = (HistoryKind.LogIns, "Password reset link revoked"),
        [AuditActions.AccountPasswordReset] = (HistoryKind.LogIns, "Password reset"),
        [AuditActions.AccountPasskeyAdded] = (HistoryKind.LogIns, "Passkey added"),
        [AuditActions.AccountPasskeyRenamed] = (HistoryKind.LogIns, "Passkey renamed"),
        [AuditActions.AccountPasskeyRemoved] = (HistoryKind.LogIns, "Passkey removed"),
        [AuditActions.AccountLoggedIn] = (HistoryKind.LogIns, "Logged in"),
        [AuditActions.AccountLogInRefused] = (HistoryKind.LogIns, "Login failed"),
        [AuditActions.AccountLoggedOut] = (HistoryKind.LogIns, "Logged out"),
        [AuditActions.AccountSessionRevoked] = (HistoryKind.LogIns, "Session ended"),
        [AuditActions.AccountSignedOut] = (HistoryKind.LogIns, "Logged out everywhere"),
        [AuditActions.AccountTwoStepOn] = (HistoryKind.LogIns, "Two-step verification turned on"),
        [AuditActions.AccountTwoStepOff] = (HistoryKind.LogIns, "Two-step verification turned off"),
        [AuditActions.AccountRecoveryCodesRenewed] = (HistoryKind.LogIns, "Recovery codes replaced"),
        [AuditActions.AccountRecoveryCodeUsed] = (HistoryKind.LogIns, "Recovery code used"),
        [AuditActions.AccountSecondFactorRefused] = (HistoryKind.LogIns, "Login code rejected"),
        [AuditActions.AccountReauthenticated] = (HistoryKind.LogIns, "Identity confirmed"),
        [AuditActions.AccountReauthenticationRefused] = (HistoryKind.LogIns, "Identity confirmation failed"),
        [AuditActions.AccountFactorsReset] = (HistoryKind.LogIns, "Two-step verification and passkeys reset"),
        [AuditActions.AccountProviderConnected] = (HistoryKind.LogIns, "Single sign-on connected"),
        [AuditActions.AccountProviderDisconnected] = (HistoryKind.LogIns, "Single sign-on disconnected"),
        [AuditActions.AccountSessionEndedByProvider] = (HistoryKind.LogIns, "Session ended by the provider"),
        [AuditActions.AccountBreakGlassLinkIssued] = (HistoryKind.LogIns, "Break-glass link created"),
    }.ToFrozenDictionary();

    /// <summary>All but people coming and going, which changes nothing.</summary>
    public static IReadOnlyList<string> Changes { get; } =
        [.. _words.Keys.Except([
            AuditActions.AccountLoggedIn, AuditActions.AccountLogInRefused, AuditActions.AccountLoggedOut, AuditActions.AccountSecondFactorRefused,
            AuditActions.AccountReauthenticated, AuditActions.AccountReauthenticationRefused,
        ])];

    /// <summary>An action that has no words yet is called by its stored name.</summary>
    public static string Of(string action) => _words.TryGetValue(action, out var found) ? found.Words : action;

    public static bool Knows(string action) => _words.ContainsKey(action);

    /// <summary>The actions that a kind is made of.</summary>
    public static IReadOnlyList<string> ActionsOf(HistoryKind kind) => [.. _words.Where(w => w.Value.Kind == kind).Select(w => w.Key)];
}
