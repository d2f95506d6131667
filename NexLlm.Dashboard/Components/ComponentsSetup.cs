using MudBlazor;
using MudBlazor.Services;
using NexLlm.Dashboard.Components.Channels;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Keys.Page;
using NexLlm.Dashboard.Components.Keys.Wizard;
using NexLlm.Dashboard.Components.Logs;
using NexLlm.Dashboard.Components.Search;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components;

public static class ComponentsSetup
{
    public static IServiceCollection AddComponents(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddCascadingAuthenticationState();
        services.AddPageServices();
        services.AddSingleton<LogExports>();
        services.AddSingleton<CommandSearch>();
        return services;
    }

    /// <summary>Adds the services of the pages and of MudBlazor, one instance per circuit.</summary>
    internal static void AddPageServices(this IServiceCollection services)
    {
        services.AddMudServices(mud =>
        {
            var snackbar = mud.SnackbarConfiguration;
            snackbar.PositionClass = Defaults.Classes.Position.BottomLeft;
            // Long enough to read and to reach Undo (WCAG 2.2.1). Fading text is unreadable and fails the contrast check.
            snackbar.VisibleStateDuration = 12_000;
            snackbar.ShowTransitionDuration = 120;
            snackbar.HideTransitionDuration = 0;
            snackbar.MaximumOpacity = 100;
            snackbar.SnackbarVariant = Variant.Text;
        });
        services.AddScoped<CurrentUser>();
        services.AddScoped<UserClock>();
        services.AddScoped<AdministratorsOnly>();
        services.AddScoped<Notifications>();
        services.AddScoped<ReauthenticationDialogs>();
        services.AddScoped<ImpactQuestions>();
        services.AddScoped<ScopeChoice>();
        services.AddScoped<KeyUndo>();
        services.AddScoped<KeyToggle>();
        services.AddScoped<KeyFactsReader>();
        services.AddScoped<DraftStore>();
        services.AddScoped<KeysScript>();
    }

    public static void MapComponents(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapGet("/", () => Results.LocalRedirect("~/" + PageUrls.Overview));
        app.MapLogExport();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
