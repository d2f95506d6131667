using System.Globalization;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Accounts.Reauthentication;
using NexLlm.Dashboard.Accounts.TwoStep;

namespace NexLlm.Dashboard.Components.SignIn;

/// <summary>The user's own two-step verification. Critical actions have their own URL, so that the confirmation can return to them.</summary>
public sealed partial class TwoStep(TwoStepService twoStep, AccountService accounts, ReauthenticationService reauthentication)
{
    private TwoStepView _view = default!;
    private AccountOverview _account = default!;
    private AuthenticatorOffer? _offer;
    private IReadOnlyList<string>? _codes;
    private string? _error;

    /// <summary>One of <c>setup</c>, <c>codes</c> or <c>off</c>.</summary>
    [SupplyParameterFromQuery]
    private string? Do { get; set; }

    [SupplyParameterFromQuery(Name = "done")]
    private string? DoneCode { get; set; }

    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    [SupplyParameterFromForm(FormName = "two-step")]
    private FirstCode? Entry { get; set; }

    private string? Done => DoneCode switch
    {
        "off" => "Two-step verification turned off. All other sessions were logged out.",
        "recovered" => "Logged in with a recovery code. If your phone is lost, set up a new one here.",
        _ => null,
    };

    private string CodesLeft => _view.RecoveryCodesLeft switch
    {
        0 => "None left. Replace them now.",
        1 => "1 left.",
        var left => string.Create(CultureInfo.InvariantCulture, $"{left} left."),
    };

    protected override async Task OnInitializedAsync()
    {
        Entry ??= new FirstCode();
        _view = await twoStep.GetAsync(Actor, Http.RequestAborted);
        _account = await accounts.GetAsync(Actor, Http.RequestAborted);
        if (!HttpMethods.IsGet(Http.Request.Method))
        {
            return;
        }

        if (Do is "setup" && !_view.IsOn)
        {
            _offer = await twoStep.OfferAsync(Actor, Http.RequestAborted);
        }
        else if (Do is "codes" or "off" && _view.IsOn)
        {
            await reauthentication.RequireAsync(Actor, Http.RequestAborted);
        }
    }

    private Task SubmitAsync() => Do switch
    {
        "setup" => TurnOnAsync(),
        "codes" => RenewAsync(),
        "off" => TurnOffAsync(),
        _ => Task.CompletedTask,
    };

    private async Task TurnOnAsync()
    {
        switch (await twoStep.TurnOnAsync(Actor, Entry!.Ticket, Entry.Code, Http.RequestAborted))
        {
            case TurnOnOutcome.Done(var codes):
                _codes = codes;
                break;
            case TurnOnOutcome.WrongCode(var offer):
                (_offer, _error) = (offer, "Incorrect code. Check that your phone's clock is right, then enter the current code.");
                Fail(StatusCodes.Status400BadRequest);
                break;
            case TurnOnOutcome.OfferExpired:
                Fail(StatusCodes.Status400BadRequest, "This setup key has expired. Set up again to get a new one.");
                break;
            default:
                Navigation.NavigateTo(PageUrlOf());
                break;
        }
    }

    private async Task RenewAsync()
    {
        _codes = await twoStep.RenewRecoveryCodesAsync(Actor, Http.RequestAborted);
        if (_codes is null)
        {
            Navigation.NavigateTo(PageUrlOf());
        }
    }

    private async Task TurnOffAsync()
    {
        if (await twoStep.TurnOffAsync(Actor, Http.RequestAborted) is TurnOffOutcome.Done)
        {
            Navigation.NavigateTo(PageUrlOf("?done=off"));
        }
        else
        {
            Fail(StatusCodes.Status403Forbidden, "Two-step verification is required for your account and can't be turned off.");
        }
    }

    private static string PageUrlOf(string query = "") => Urls.PageUrls.TwoStep + query;

    private sealed class FirstCode
    {
        public string? Ticket { get; set; }

        public string? Code { get; set; }
    }
}
