using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Layout;

public sealed partial class MainLayout
{
    private AccountOverview? _account;
    private CalmErrorBoundary? _boundary;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private AccountService Accounts { get; set; } = default!;

    [Inject]
    private Person Person { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        try
        {
            _account = await Accounts.GetAsync(await Person.ActorAsync());
        }
        catch (AccessDeniedException)
        {
            Navigation.NavigateTo(PageUrls.LogIn(Navigation), forceLoad: true);
        }
    }

    // Another page may work where this one failed.
    protected override void OnParametersSet() => _boundary?.Recover();
}
