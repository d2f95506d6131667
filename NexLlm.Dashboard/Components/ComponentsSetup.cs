using MudBlazor;
using MudBlazor.Services;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Keys.Page;
using NexLlm.Dashboard.Components.Keys.Wizard;
using NexLlm.Dashboard.Components.Logs;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components;

public static class ComponentsSetup
{
    public static IServiceCollection AddComponents(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddCascadingAuthenticationState();
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomCenter;
            // Words that fade are hard to read, and fail the contrast they are checked for.
            mud.SnackbarConfiguration.ShowTransitionDuration = 0;
            mud.SnackbarConfiguration.HideTransitionDuration = 0;
            mud.SnackbarConfiguration.MaximumOpacity = 100;
            mud.SnackbarConfiguration.HideIcon = true;
        });
        services.AddScoped<Person>();
        services.AddScoped<PersonClock>();
        services.AddScoped<AdministratorsOnly>();
        services.AddScoped<KeyRecovery>();
        services.AddScoped<KeyFactsReader>();
        services.AddScoped<DraftStore>();
        services.AddScoped<KeysScript>();
        services.AddSingleton<LogExports>();
        return services;
    }

    public static void MapComponents(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapGet("/", () => Results.LocalRedirect("~/" + PageUrls.Overview));
        app.MapLogExport();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
