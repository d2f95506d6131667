using System.Collections.Frozen;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>The kinds of events, as filters.</summary>
public enum HistoryKind
{
    Keys,
    Accounts,
    LogIns,
    Channels,
    Other,
}

/// <summary>The audit actions of each kind. A test detects a missing action.</summary>
public static class HistoryKinds
{
    private static readonly FrozenDictionary<HistoryKind, string[]> _actions = new Dictionary<HistoryKind, string[]>
    {
        [HistoryKind.Keys] =
        [
            AuditActions.KeyCreated, AuditActions.KeyEdited, AuditActions.KeyEnabled, AuditActions.KeyDisabled, AuditActions.KeyDeleted,
            AuditActions.KeyRestored, AuditActions.KeyPurged,
        ],
        [HistoryKind.Accounts] =
        [
            AuditActions.AccountCreated, AuditActions.AccountInvited, AuditActions.AccountInvitationWithdrawn,
            AuditActions.AccountQuotaGranted, AuditActions.AccountQuotaSet, AuditActions.AccountEnabled, AuditActions.AccountDisabled,
            AuditActions.AccountMadeAdministrator, AuditActions.AccountAdministratorTaken,
        ],
        [HistoryKind.LogIns] =
        [
            AuditActions.AccountPasswordChanged, AuditActions.AccountResetLinkIssued, AuditActions.AccountResetLinkWithdrawn,
            AuditActions.AccountPasswordReset, AuditActions.AccountPasskeyAdded, AuditActions.AccountPasskeyRenamed,
            AuditActions.AccountPasskeyRemoved, AuditActions.AccountLoggedIn, AuditActions.AccountLogInRefused,
            AuditActions.AccountLoggedOut, AuditActions.AccountSessionRevoked, AuditActions.AccountSignedOut, AuditActions.AccountTwoStepOn,
            AuditActions.AccountTwoStepOff, AuditActions.AccountRecoveryCodesRenewed, AuditActions.AccountRecoveryCodeUsed,
            AuditActions.AccountSecondFactorRefused, AuditActions.AccountReauthenticated, AuditActions.AccountReauthenticationRefused,
            AuditActions.AccountFactorsReset, AuditActions.AccountProviderConnected, AuditActions.AccountProviderDisconnected,
            AuditActions.AccountSessionEndedByProvider, AuditActions.AccountBreakGlassLinkIssued,
        ],
        [HistoryKind.Channels] =
        [
            AuditActions.ChannelCreated, AuditActions.ChannelEdited, AuditActions.ChannelEnabled, AuditActions.ChannelDisabled,
            AuditActions.ChannelDeleted, AuditActions.GroupCreated, AuditActions.GroupEdited, AuditActions.GroupEnabled,
            AuditActions.GroupDisabled, AuditActions.GroupDeleted,
        ],
        [HistoryKind.Other] =
        [
            AuditActions.BackupMade, AuditActions.BackupRestored, AuditActions.DemoDataAdded,
        ],
    }.ToFrozenDictionary();

    public static IReadOnlyList<string> ActionsOf(HistoryKind kind) => _actions[kind];

    public static bool Knows(string action) => _actions.Values.Any(actions => actions.Contains(action));
}
