using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Reauthentication;

namespace NexLlm.Dashboard.Components.Shared;

public sealed partial class ReauthenticationDialog(ReauthenticationService reauthentication, CurrentUser user, ILogger<ReauthenticationDialog> log)
{
    private MudTextField<string>? _field;
    private ReauthenticationWays? _ways;
    private bool _prefersCode;
    private bool _focuses = true;
    private bool _isBusy;
    private string? _entry;
    private string? _error;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    private bool IsByCode => _ways is { ByCode: true } && (_prefersCode || !_ways.ByPassword);

    protected override async Task OnInitializedAsync() => _ways = await reauthentication.FindWaysAsync(await user.ActorAsync());

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focuses && _field is not null)
        {
            _focuses = false;
            // Wait until the dialog has recorded the focused element, to which it returns the focus.
            await Task.Yield();
            await _field.FocusAsync();
        }
    }

    private void Switch() => (_prefersCode, _entry, _error, _focuses) = (!_prefersCode, null, null, true);

    private async Task ConfirmAsync()
    {
        if (_isBusy)
        {
            return;
        }

        _isBusy = true;
        try
        {
            Proof proof = IsByCode ? new Proof.OfCode(_entry) : new Proof.OfPassword(_entry);
            switch (await reauthentication.ConfirmAsync(await user.ActorAsync(), proof))
            {
                case ReauthenticationOutcome.Confirmed:
                    Dialog.Close();
                    break;
                case ReauthenticationOutcome.Invalid(var error):
                    Refuse(error);
                    break;
                case ReauthenticationOutcome.TooMany(var retryAfter):
                    Refuse($"Too many attempts. Try again in {UserClock.InWords(retryAfter)}.");
                    break;
            }
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            Refuse("Couldn't check this. Try again.");
        }
        finally
        {
            _isBusy = false;
        }
    }

    private void Refuse(string error) => (_error, _entry, _focuses) = (error, null, true);

    [LoggerMessage(LogLevel.Error, "A reauthentication failed.")]
    private partial void LogFailure(Exception error);
}
