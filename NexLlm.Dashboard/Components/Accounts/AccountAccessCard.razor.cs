using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Accounts;

/// <summary>What an administrator decides about an account's logins and role.</summary>
public sealed partial class AccountAccessCard(AccountAccess access, PasswordResets resets, Person person, PersonClock words, NavigationManager navigation, ILogger<AccountAccessCard> log)
{
    private ConfirmDialog _confirm = default!;
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
            ? ("Disable", "Ends every login and refuses every request of its keys, from the next one on.", AskDisableAsync)
            : ("Enable", "It can log in again, and its keys work as before.", EnableAsync),
        ("Sign out everywhere", "Ends every login. The keys go on working.", AskSignOutAsync),
        Account.IsAdministrator
            ? ("Take administrator away", "It keeps its own keys and sees nobody else's.", AskTakeAsync)
            : ("Make administrator", "It may do everything that you may.", AskMakeAsync),
        ("Reset password", Account.IsActive ? "Makes a one-time link by which its owner sets a new password." : "Makes a one-time link to set a new password, which works once the account is enabled again.", AskResetAsync),
        .. Account.ResetLinkUntil is { } until && until > words.Now
            ? [("Withdraw the link", $"A link to set a new password works until {words.Exact(until)}.", AskWithdrawAsync)]
            : Array.Empty<(string, string, Func<Task>)>(),
    ];

    private string Whose => IsSelf ? "This is your own account. " : "";

    private Task AskDisableAsync() => _confirm.AskAsync(new(
        $"Disable {Account.Email}?",
        $"{Whose}Every login ends at once, and every request that uses one of its keys is refused. Nothing is deleted; it can be enabled again.",
        "Disable", () => DoAsync(actor => access.SetEnabledAsync(actor, Account.Id, false), "The account is disabled: its logins have ended and its keys are refused.")));

    private Task AskSignOutAsync() => _confirm.AskAsync(new(
        $"Sign {Account.Email} out everywhere?", $"{Whose}Every browser has to log in again. The keys go on working.",
        "Sign out", () => DoAsync(actor => access.SignOutAsync(actor, Account.Id), "Every login has ended.")));

    private Task AskMakeAsync() => _confirm.AskAsync(new(
        $"Make {Account.Email} an administrator?",
        "It may then see and change every account and channel, see every key, and disable or delete it.",
        "Make administrator", () => DoAsync(actor => access.SetAdministratorAsync(actor, Account.Id, true), "The account is an administrator now.")));

    private Task AskTakeAsync() => _confirm.AskAsync(new(
        $"Take administrator away from {Account.Email}?", $"{Whose}It keeps its own keys and quota, and sees nothing of others any more.",
        "Take away", () => DoAsync(actor => access.SetAdministratorAsync(actor, Account.Id, false), "The account is no administrator any more.")));

    private Task AskResetAsync() => _confirm.AskAsync(new(
        $"Make a link to reset the password of {Account.Email}?",
        $"Whoever has the link can set a new password within {PersonClock.InWords(PasswordResets.LinkLifetime)}, which ends every login. The old password works until then. A link made before stops working.",
        "Make a link", IssueAsync, ShowLinkAsync));

    private Task AskWithdrawAsync() => _confirm.AskAsync(new(
        $"Withdraw the link that resets the password of {Account.Email}?", "It stops working at once. The password stays as it is.", "Withdraw",
        async () =>
        {
            var withdrawn = await resets.WithdrawAsync(await person.ActorAsync(), Account.Id);
            await Done.InvokeAsync(withdrawn ? new AccountNews("The link does not work any more.") : new AccountNews("There was no link any more: it was used, or too old.", IsRefusal: true));
        }));

    /// <summary>The one thing that needs no question, and so has no dialog that could tell of a failure.</summary>
    private async Task EnableAsync()
    {
        try
        {
            await DoAsync(actor => access.SetEnabledAsync(actor, Account.Id, true), "The account is enabled.");
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error, Account.Id);
            await Done.InvokeAsync(new AccountNews("Nothing was changed: the server could not do it. Try again.", IsRefusal: true));
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
            AccessOutcome.UnknownAccount => new AccountNews("There is no such account.", IsRefusal: true),
            AccessOutcome.LastAdministrator => new AccountNews(
                "Nothing was changed: this is the last active administrator, and nobody could administer any more. Make somebody else one first.", IsRefusal: true),
        });
    }

    [LoggerMessage(LogLevel.Error, "Account {AccountId} could not be enabled.")]
    private partial void LogFailure(Exception error, long accountId);
}
