using MudBlazor;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Components.Audit;

/// <summary>The icon of each kind of event, shown beside its text.</summary>
internal static class AuditIcons
{
    public static string Of(string action) => action switch
    {
        AuditActions.AccountInvited => Icons.Material.Outlined.MailOutline,
        AuditActions.AccountQuotaGranted or AuditActions.AccountQuotaSet => Icons.Material.Outlined.DataUsage,
        AuditActions.AccountMadeAdministrator or AuditActions.AccountAdministratorTaken => Icons.Material.Outlined.AdminPanelSettings,
        AuditActions.AccountLogInRefused or AuditActions.AccountSecondFactorRefused or AuditActions.AccountReauthenticationRefused => Icons.Material.Outlined.GppBad,
        AuditActions.AccountLoggedIn => Icons.Material.Outlined.Login,
        AuditActions.AccountTwoStepOn or AuditActions.AccountTwoStepOff or AuditActions.AccountFactorsReset => Icons.Material.Outlined.PhonelinkLock,
        AuditActions.AccountRecoveryCodesRenewed or AuditActions.AccountRecoveryCodeUsed => Icons.Material.Outlined.VpnKey,
        AuditActions.AccountReauthenticated => Icons.Material.Outlined.HowToReg,
        AuditActions.BackupMade or AuditActions.BackupRestored => Icons.Material.Outlined.Backup,
        _ => action[(action.IndexOf('.', StringComparison.Ordinal) + 1)..] switch
        {
            "created" or "added" => Icons.Material.Outlined.Add,
            "edited" => Icons.Material.Outlined.Edit,
            "enabled" => Icons.Material.Outlined.PlayCircle,
            "disabled" => Icons.Material.Outlined.Block,
            "deleted" or "purged" => Icons.Material.Outlined.Delete,
            "restored" => Icons.Material.Outlined.Undo,
            var verb when verb.Contains("passkey", StringComparison.Ordinal) => Icons.Material.Outlined.Key,
            var verb when verb.Contains("password", StringComparison.Ordinal) || verb.Contains("reset_link", StringComparison.Ordinal) => Icons.Material.Outlined.Password,
            var verb when verb.Contains("logged_out", StringComparison.Ordinal) || verb.Contains("signed_out", StringComparison.Ordinal) || verb.Contains("session", StringComparison.Ordinal) => Icons.Material.Outlined.Logout,
            _ => Icons.Material.Outlined.History,
        },
    };
}
