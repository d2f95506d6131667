using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Accounts;

/// <summary>An administrator's actions on an account's sessions and role.</summary>
public sealed partial class AccountAccessCard(AccountAccess access, PasswordResets resets, Person person, PersonClock words, IDialogService dialogs, NavigationManager navigation, ILogger<AccountAccessCard> log)
{
    private Modal _link = default!;
    private IssuedLink? _issued;

    [Parameter, EditorRequired]
    public AccountDetails Account { get; set; } = default!;

    /// <summary>Whether the person looks at the own account.</summary>
    [Parameter]
    public bool IsSelf { get; set; }

    /// <summary>What came of a change.</summary>
    [Parameter]
    public EventCallback<AccountNews> Done { get; set; }

    private NavigationManager Navigation => navigation;

    private IEnumerable<(string Label, string Help, Func<Task> Ask)> Deeds =>
    [
        Account.IsActive
            ? ("Disable account", "Ends all sessions and rejects requests with its keys.", AskDisableAsync)
            : ("Enable account", "Restores access for the person and their keys.", EnableAsync),
        ("Log out everywhere", "Ends all sessions. API keys keep working.", AskSignOutAsync),
        Account.IsAdministrator
            ? ("Remove administrator", "Keeps its own keys.", AskTakeAsync)
            : ("Make administrator", "Full access to all accounts, channels and settings.", AskMakeAsync),
        ("Reset password", Account.IsActive ? "Creates a one-time link to set a new password." : "Creates a one-time link to set a new password. It works once the account is enabled.", AskResetAsync),
        .. Account.ResetLinkUntil is { } until && until > words.Now
            ? [("Revoke reset link", $"A password reset link is active until {words.Exact(until)}.", AskWithdrawAsync)]
            : Array.Empty<(string, string, Func<Task>)>(),
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
        "Make administrator", () => DoAsync(actor => access.SetAdministratorAsync(actor, Account.Id, true), "Administrator added.")));

    private Task<bool> AskTakeAsync() => dialogs.ConfirmAsync(new(
        $"Remove {Account.Email} as an administrator?", $"{Whose}The account keeps its own keys and quota but can no longer see other accounts.",
        "Remove administrator", () => DoAsync(actor => access.SetAdministratorAsync(actor, Account.Id, false), "Administrator removed.")));

    private async Task AskResetAsync()
    {
        if (await dialogs.ConfirmAsync(new(
            $"Create a password reset link for {Account.Email}?",
            $"Anyone with the link can set a new password within {PersonClock.InWords(PasswordResets.LinkLifetime)}; that ends all sessions. The current password works until then. Earlier links stop working.",
            "Create link", IssueAsync)))
        {
            await ShowLinkAsync();
        }
    }

    private Task<bool> AskWithdrawAsync() => dialogs.ConfirmAsync(new(
        $"Revoke the password reset link for {Account.Email}?", "The link stops working immediately. The password doesn't change.", "Revoke link",
        async () =>
        {
            var withdrawn = await resets.WithdrawAsync(await person.ActorAsync(), Account.Id);
            await Done.InvokeAsync(withdrawn ? new AccountNews("Reset link revoked.") : new AccountNews("The reset link was already used or has expired.", IsRefusal: true));
        }));

    /// <summary>The one thing that needs no question, and so has no dialog that could tell of a failure.</summary>
    private async Task EnableAsync()
    {
        try
        {
            await DoAsync(actor => access.SetEnabledAsync(actor, Account.Id, true), "Account enabled.");
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error, Account.Id);
            await Done.InvokeAsync(new AccountNews("Couldn't enable the account. Try again.", IsRefusal: true));
        }
    }

    private async Task IssueAsync() => _issued = await resets.IssueAsync(await person.ActorAsync(), Account.Id);

    private async Task ShowLinkAsync()
    {
        StateHasChanged();
        await _link.OpenAsync();
    }

    /// <summary>The link is shown once: it does not stay in the document behind a closed dialog.</summary>
    private async Task CloseLinkAsync()
    {
        await _link.CloseAsync();
        _issued = null;
    }

    private async Task DoAsync(Func<Actor, Task<AccessOutcome>> change, string done)
    {
        var outcome = await change(await person.ActorAsync());
        await Done.InvokeAsync(outcome switch
        {
            AccessOutcome.Done => new AccountNews(done),
            AccessOutcome.UnknownAccount => new AccountNews("Account not found.", IsRefusal: true),
            AccessOutcome.LastAdministrator => new AccountNews(
                "Can't remove the last administrator. Add another one first.", IsRefusal: true),
        });
    }

    [LoggerMessage(LogLevel.Error, "Account {AccountId} could not be enabled.")]
    private partial void LogFailure(Exception error, long accountId);
}
