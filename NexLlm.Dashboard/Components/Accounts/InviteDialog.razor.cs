using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.Accounts;

/// <summary>Returns the <see cref="OneTimeLink"/> if an invitation was created.</summary>
public sealed partial class InviteDialog(
    InvitationService invitations, SignUpService signUp, CurrentUser user, NavigationManager navigation, ILogger<InviteDialog> log)
{
    private MudTextField<string> _emailField = default!;
    private string? _email;
    private string? _emailError;
    private TextInput<long> _quota = default!;
    private bool _isUnlimited;
    private bool _isInviting;
    private bool _failed;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    private string QuotaHelp => signUp.StartingTokens is 0
        ? "Shared by all keys of the account. Leave blank for 0."
        : string.Create(CultureInfo.InvariantCulture, $"Shared by all keys of the account. Leave blank for {signUp.StartingTokens:N0}.");

    protected override void OnInitialized() => _quota = new TextInput<long>("", ReadQuota);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // Wait until the dialog has recorded the focused element, to which it returns the focus.
            await Task.Yield();
            await _emailField.FocusAsync();
        }
    }

    private bool ReadQuota(string text, out long tokens, [NotNullWhen(false)] out string? error) =>
        QuotaAmount.TryRead(text, blank: signUp.StartingTokens, out tokens, out error);

    private async Task InviteAsync()
    {
        (_emailError, _failed, _quota.IsVisited) = (null, false, true);
        if (_isInviting || (!_isUnlimited && !_quota.TryRead(out _)))
        {
            return;
        }

        _isInviting = true;
        try
        {
            long? limit = _isUnlimited || !_quota.TryRead(out var tokens) ? null : tokens;
            switch (await invitations.InviteAsync(await user.ActorAsync(), _email, limit))
            {
                case InviteOutcome.Invited(var email, var link):
                    var address = navigation.ToAbsoluteUri(PageUrls.Invitation(link.Token)).ToString();
                    Dialog.Close(new OneTimeLink("Invitation created", email, address, link.Until, "Your invitation to NexLLM"));
                    break;
                case InviteOutcome.Invalid(var error):
                    _emailError = error;
                    break;
            }
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            _failed = true;
        }
        finally
        {
            _isInviting = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "Could not create an invitation.")]
    private partial void LogFailure(Exception error);
}

internal static class InviteDialogExtensions
{
    /// <summary>Asks whom to invite and shows the link to hand over; returns when both dialogs are closed.</summary>
    public static async Task InviteAsync(this IDialogService dialogs)
    {
        // Clicking outside must not discard the entries.
        var asked = await dialogs.ShowAsync<InviteDialog>("Invite someone", new DialogOptions { BackdropClick = false });
        if (await asked.Result is { Data: OneTimeLink link })
        {
            await dialogs.ShowAsync(link);
        }
    }
}
