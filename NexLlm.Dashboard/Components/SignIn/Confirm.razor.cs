using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts.Reauthentication;

namespace NexLlm.Dashboard.Components.SignIn;

/// <summary>Where pages without a circuit redirect before a critical action. Pages with a circuit show a dialog.</summary>
public sealed partial class Confirm(ReauthenticationService reauthentication)
{
    private ReauthenticationWays _ways = default!;
    private string? _error;

    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    [SupplyParameterFromQuery]
    private string? By { get; set; }

    [SupplyParameterFromForm(FormName = "confirm")]
    private ProofEntry? Entry { get; set; }

    private bool IsByCode => _ways.ByCode && (By is "code" || !_ways.ByPassword);

    protected override async Task OnInitializedAsync()
    {
        Entry ??= new ProofEntry();
        _ways = await reauthentication.FindWaysAsync(Actor, Http.RequestAborted);
    }

    private async Task ConfirmAsync()
    {
        Proof proof = IsByCode ? new Proof.OfCode(Entry!.Code) : new Proof.OfPassword(Entry!.Password);
        switch (await reauthentication.ConfirmAsync(Actor, proof, Http.RequestAborted))
        {
            case ReauthenticationOutcome.Confirmed:
                GoTo(ReturnUrl);
                break;
            case ReauthenticationOutcome.Invalid(var error):
                _error = error;
                Fail(StatusCodes.Status400BadRequest);
                break;
            case ReauthenticationOutcome.TooMany(var retryAfter):
                FailTooMany(retryAfter, "Too many attempts.");
                break;
        }
    }

    private sealed class ProofEntry
    {
        public string? Password { get; set; }

        public string? Code { get; set; }
    }
}
