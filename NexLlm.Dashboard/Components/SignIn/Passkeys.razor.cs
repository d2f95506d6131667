using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts.Passkeys;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.SignIn;

public sealed partial class Passkeys(PasskeyService service)
{
    private IReadOnlyList<PasskeyView> _passkeys = [];
    private string? _addError;
    private string? _renameError;

    [SupplyParameterFromQuery(Name = "done")]
    private string? DoneCode { get; set; }

    /// <summary>The id of the passkey being renamed.</summary>
    [SupplyParameterFromQuery]
    private string? Rename { get; set; }

    /// <summary>The id of the passkey about to be removed.</summary>
    [SupplyParameterFromQuery]
    private string? Remove { get; set; }

    [SupplyParameterFromForm(FormName = "add-passkey")]
    private MadePasskey? Made { get; set; }

    [SupplyParameterFromForm(FormName = "rename-passkey")]
    private string? Renamed { get; set; }

    private string? Done => DoneCode switch
    {
        "added" => "Passkey added. You can log in with it now.",
        "renamed" => "Passkey renamed.",
        "removed" => "Passkey removed. All other sessions were logged out.",
        _ => null,
    };

    /// <summary>The browser's name, numbered if it is already taken.</summary>
    private string DefaultName
    {
        get
        {
            var browser = BrowserName.InWords(UserAgent);
            var names = Enumerable.Range(2, PasskeyService.MaxPerAccount).Select(n => $"{browser} {n}").Prepend(browser);
            return names.First(name => _passkeys.All(passkey => passkey.Name != name));
        }
    }

    protected override async Task OnInitializedAsync() => _passkeys = await service.ListAsync(Actor, Http.RequestAborted);

    private async Task AddAsync()
    {
        switch (await service.AddAsync(Actor, Made?.Credential, Made?.Name, Http.RequestAborted))
        {
            case PasskeyOutcome.Done:
                GoOn("added");
                break;
            case PasskeyOutcome.InvalidName(var error):
                _addError = error;
                Fail(StatusCodes.Status400BadRequest);
                break;
            case PasskeyOutcome.TooMany:
                Fail(StatusCodes.Status409Conflict, $"An account can have at most {PasskeyService.MaxPerAccount} passkeys. Remove one first.");
                break;
            default:
                Fail(StatusCodes.Status400BadRequest, "The passkey couldn't be added. Try again.");
                break;
        }
    }

    private async Task RenameAsync()
    {
        switch (await service.RenameAsync(Actor, Rename, Renamed, Http.RequestAborted))
        {
            case PasskeyOutcome.Done:
                GoOn("renamed");
                break;
            case PasskeyOutcome.InvalidName(var error):
                _renameError = error;
                Fail(StatusCodes.Status400BadRequest);
                break;
            default:
                FailUnknown();
                break;
        }
    }

    private async Task RemoveAsync()
    {
        if (await service.RemoveAsync(Actor, Remove, Http.RequestAborted) is PasskeyOutcome.Done)
        {
            GoOn("removed");
        }
        else
        {
            FailUnknown();
        }
    }

    private void GoOn(string done) => Navigation.NavigateTo($"{PageUrls.Passkeys}?done={done}");

    private void FailUnknown() => Fail(StatusCodes.Status404NotFound, "This passkey was already removed.");

    private sealed class MadePasskey
    {
        public string? Credential { get; set; }

        public string? Name { get; set; }
    }
}
