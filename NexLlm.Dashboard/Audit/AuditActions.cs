namespace NexLlm.Dashboard.Audit;

/// <summary>The names of audited actions. They are stored, so add new ones but never rename existing ones.</summary>
public static class AuditActions
{
    public const string KeyCreated = "key.created";
    public const string KeyEdited = "key.edited";
    public const string KeyEnabled = "key.enabled";
    public const string KeyDisabled = "key.disabled";
    public const string KeyDeleted = "key.deleted";
    public const string KeyRestored = "key.restored";
    public const string KeyPurged = "key.purged";

    public const string ChannelCreated = "channel.created";
    public const string ChannelEdited = "channel.edited";
    public const string ChannelEnabled = "channel.enabled";
    public const string ChannelDisabled = "channel.disabled";
    public const string ChannelDeleted = "channel.deleted";

    public const string GroupCreated = "group.created";
    public const string GroupEdited = "group.edited";
    public const string GroupEnabled = "group.enabled";
    public const string GroupDisabled = "group.disabled";
    public const string GroupDeleted = "group.deleted";

    public const string BackupMade = "backup.made";
    public const string BackupRestored = "backup.restored";

    public const string DemoDataAdded = "demo_data.added";

    public const string AccountCreated = "account.created";
    public const string AccountInvited = "account.invited";
    public const string AccountInvitationWithdrawn = "account.invitation_withdrawn";
    public const string AccountQuotaGranted = "account.quota_granted";
    public const string AccountQuotaSet = "account.quota_set";
    public const string AccountEnabled = "account.enabled";
    public const string AccountDisabled = "account.disabled";
    public const string AccountMadeAdministrator = "account.made_administrator";
    public const string AccountAdministratorTaken = "account.administrator_taken";
    public const string AccountPasswordChanged = "account.password_changed";
    public const string AccountResetLinkIssued = "account.reset_link_issued";
    public const string AccountResetLinkWithdrawn = "account.reset_link_withdrawn";
    public const string AccountPasswordReset = "account.password_reset";
    public const string AccountPasskeyAdded = "account.passkey_added";
    public const string AccountPasskeyRenamed = "account.passkey_renamed";
    public const string AccountPasskeyRemoved = "account.passkey_removed";
    public const string AccountLoggedIn = "account.logged_in";
    public const string AccountLogInRefused = "account.log_in_refused";
    public const string AccountLoggedOut = "account.logged_out";
    public const string AccountSessionRevoked = "account.session_revoked";
    public const string AccountSignedOut = "account.signed_out_everywhere";
    public const string AccountTwoStepOn = "account.two_step_on";
    public const string AccountTwoStepOff = "account.two_step_off";
    public const string AccountRecoveryCodesRenewed = "account.recovery_codes_renewed";
    public const string AccountRecoveryCodeUsed = "account.recovery_code_used";
    public const string AccountSecondFactorRefused = "account.second_factor_refused";
    public const string AccountReauthenticated = "account.reauthenticated";
    public const string AccountReauthenticationRefused = "account.reauthentication_refused";
    public const string AccountFactorsReset = "account.factors_reset";
    public const string AccountProviderConnected = "account.provider_connected";
    public const string AccountProviderDisconnected = "account.provider_disconnected";
    public const string AccountSessionEndedByProvider = "account.session_ended_by_provider";
    public const string AccountBreakGlassLinkIssued = "account.break_glass_link_issued";
}
