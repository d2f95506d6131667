using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Accounts;

public sealed partial class InviteDialog(
    InvitationService invitations, SignUpService signUp, Person person, NavigationManager navigation, ILogger<InviteDialog> log)
{
    private Modal _modal = default!;
    private string? _email;
    private string? _emailError;
    private TextInput<long> _quota = default!;
    private bool _isUnlimited;
    private bool _isInviting;
    private bool _failed;
    private InviteOutcome.Invited? _invited;

    /// <summary>After an invitation was created.</summary>
    [Parameter]
    public EventCallback Invited { get; set; }

    private string QuotaHelp => signUp.StartingTokens is 0
        ? "Tokens shared by all keys of the account. Leave blank for 0."
        : string.Create(CultureInfo.InvariantCulture, $"Tokens shared by all keys of the account. Leave blank for {signUp.StartingTokens:N0}.");

    private string Address => navigation.ToAbsoluteUri(PageUrls.Invitation(_invited!.Link.Token)).ToString();

    public async Task OpenAsync()
    {
        Reset();
        StateHasChanged();
        await _modal.OpenAsync();
    }

    protected override void OnInitialized() => Reset();

    private void Reset()
    {
        (_email, _emailError, _invited, _failed, _isUnlimited) = (null, null, null, false, false);
        _quota = new TextInput<long>("", ReadQuota);
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
            switch (await invitations.InviteAsync(await person.ActorAsync(), _email, limit))
            {
                case InviteOutcome.Invited invited:
                    _invited = invited;
                    await Invited.InvokeAsync();
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

    private async Task CloseAsync()
    {
        await _modal.CloseAsync();
        // The link is shown once: it does not stay in the document behind a closed dialog.
        Reset();
    }

    [LoggerMessage(LogLevel.Error, "Nobody could be invited.")]
    private partial void LogFailure(Exception error);
}
