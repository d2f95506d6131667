using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.Accounts;

/// <summary>An administrator's actions on an account's sessions, password and role; the destructive ones are separate.</summary>
public sealed partial class AccountAccessCard(
    AccountAccess access, AccountFactors factors, PasswordResets resets, CurrentUser user, UserClock words, IDialogService dialogs, Notifications notifications,
    NavigationManager navigation, ILogger<AccountAccessCard> log)
{
    [Parameter, EditorRequired]
    public AccountDetails Account { get; set; } = default!;

    /// <summary>Whether the user views their own account.</summary>
    [Parameter]
    public bool IsSelf { get; set; }

    /// <summary>Raised after a change, or when the account turned out to differ from what was shown.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private IEnumerable<Deed> Deeds =>
    [
        .. Account.IsActive ? Array.Empty<Deed>() : [new("Account disabled", "The person can't log in, and requests with its keys are rejected.", "Enable account", EnableAsync)],
        .. resets.IsPossible ? [new("Password", Account.IsActive ? "Create a one-time link to set a new password." : "Create a one-time link to set a new password. It works once the account is enabled.", "Reset password", AskResetAsync)] : Array.Empty<Deed>(),
        .. Account.ResetLinkUntil is { } until && until > words.Now
            ? [new("Password reset link", "Not used yet.", "Revoke reset link", AskWithdrawAsync, Until: until)]
            : Array.Empty<Deed>(),
        new("Sessions", "Log the person out of every browser. API keys keep working.", "Log out everywhere", AskSignOutAsync),
        Account.IsAdministrator
            ? new("Administrator", "Full access to all accounts, channels and settings.", "Remove administrator", AskTakeAsync, IsDangerous: true)
            : new("Member", "Access to the account's own keys, usage and logs.", "Make administrator", AskMakeAsync),
        .. Account.HasFactors
            ? [new("Two-step verification and passkeys", "For a lost phone. The password alone logs in until the person sets them up again.", "Reset two-step verification", AskResetFactorsAsync, IsDangerous: true)]
            : Array.Empty<Deed>(),
        .. Account.IsActive ? [new("Disable account", "End all sessions and reject requests with its keys. You can enable it again.", "Disable account", AskDisableAsync, IsDangerous: true)] : Array.Empty<Deed>(),
    ];

    private string Whose => IsSelf ? "This is your own account. " : "";

    private Task<bool> AskDisableAsync() => dialogs.ConfirmAsync(new(
        $"Disable {Account.Email}?",
        $"{Whose}All sessions end immediately, and requests with its keys are rejected. You can enable the account again.",
        "Disable account", () => DoAsync(actor => access.SetEnabledAsync(actor, Account.Id, false), "Account disabled. Its sessions have ended, and requests with its keys are rejected.")));

    private Task<bool> AskSignOutAsync() => dialogs.ConfirmAsync(new(
        $"Log out {Account.Email} everywhere?", $"{Whose}All sessions end immediately. API keys keep working.",
        "Log out everywhere", () => DoAsync(actor => access.SignOutAsync(actor, Account.Id), "All sessions ended.")));

    private Task<bool> AskMakeAsync() => dialogs.ConfirmAsync(new(
        $"Make {Account.Email} an administrator?",
        "Administrators can view and change every account and channel, and disable or delete any key.",
        "Make administrator", () => DoAsync(actor => access.SetAdministratorAsync(actor, Account.Id, true), "Administrator added."))
    { IsHarmless = true });

    private Task<bool> AskTakeAsync() => dialogs.ConfirmAsync(new(
        $"Remove {Account.Email} as an administrator?", $"{Whose}The account keeps its own keys and quota but can no longer see other accounts.",
        "Remove administrator", () => DoAsync(actor => access.SetAdministratorAsync(actor, Account.Id, false), "Administrator removed.")));

    private Task<bool> AskResetFactorsAsync() => dialogs.ConfirmAsync(new(
        $"Reset two-step verification for {Account.Email}?",
        $"{Whose}Make sure that this request comes from the person. Their authenticator app, recovery codes and passkeys stop working, all sessions end, and they are told at the next login. The password and API keys don't change.",
        "Reset two-step verification",
        async () =>
        {
            switch (await factors.ResetAsync(await user.ActorAsync(), Account.Email))
            {
                case FactorResetOutcome.Done:
                    notifications.Succeeded("Two-step verification and passkeys reset. All sessions ended.");
                    break;
                case FactorResetOutcome.None:
                    notifications.Informed("The account has no two-step verification and no passkeys.");
                    break;
                default:
                    notifications.Failed("Account not found.");
                    break;
            }

            await Changed.InvokeAsync();
        }));

    private async Task AskResetAsync()
    {
        IssuedLink? issued = null;
        if (await dialogs.ConfirmAsync(new(
            $"Create a password reset link for {Account.Email}?",
            $"Anyone with the link can set a new password within {UserClock.InWords(PasswordResets.LinkLifetime)}; that ends all sessions. The current password works until then. Earlier links stop working.",
            "Create link", async () => issued = await resets.IssueAsync(await user.ActorAsync(), Account.Id))
        { IsHarmless = true }))
        {
            await Changed.InvokeAsync();
            if (issued is null)
            {
                notifications.Failed("Account not found.");
                return;
            }

            var address = navigation.ToAbsoluteUri(PageUrls.ResetPassword(issued.Token)).ToString();
            await dialogs.ShowAsync(new OneTimeLink("Password reset link", Account.Email, address, issued.Until, "Set a new password for NexLLM"));
        }
    }

    private Task<bool> AskWithdrawAsync() => dialogs.ConfirmAsync(new(
        $"Revoke the password reset link for {Account.Email}?", "The link stops working immediately. The password doesn't change.", "Revoke link",
        async () =>
        {
            if (await resets.WithdrawAsync(await user.ActorAsync(), Account.Id))
            {
                notifications.Succeeded("Reset link revoked.");
            }
            else
            {
                notifications.Informed("The reset link was already used or has expired.");
            }

            await Changed.InvokeAsync();
        }));

    /// <summary>The only action without a confirmation, and thus without a dialog that could show a failure.</summary>
    private async Task EnableAsync()
    {
        try
        {
            await DoAsync(actor => access.SetEnabledAsync(actor, Account.Id, true), "Account enabled.");
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error, Account.Id);
            notifications.Failed("Couldn't enable the account. Try again.");
        }
    }

    private async Task DoAsync(Func<Actor, Task<AccessOutcome>> change, string done)
    {
        switch (await change(await user.ActorAsync()))
        {
            case AccessOutcome.Done:
                notifications.Succeeded(done);
                break;
            case AccessOutcome.UnknownAccount:
                notifications.Failed("Account not found.");
                break;
            case AccessOutcome.LastAdministrator:
                notifications.Failed("Can't remove the last administrator. Add another one first.");
                break;
        }

        await Changed.InvokeAsync();
    }

    [LoggerMessage(LogLevel.Error, "Account {AccountId} could not be enabled.")]
    private partial void LogFailure(Exception error, long accountId);

    /// <param name="Title">The subject.</param>
    /// <param name="Text">The current state, and what the button changes.</param>
    /// <param name="Label">The label of the button.</param>
    /// <param name="Ask">Asks for confirmation if something may be lost.</param>
    /// <param name="IsDangerous">Whether it is destructive for the account's owner.</param>
    /// <param name="Until">When the subject expires; null if it doesn't.</param>
    private sealed record Deed(string Title, string Text, string Label, Func<Task> Ask, bool IsDangerous = false, DateTimeOffset? Until = null);
}
