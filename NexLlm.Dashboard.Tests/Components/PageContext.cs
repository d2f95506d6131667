using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using AngleSharp.Dom;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Server.ProtectedBrowserStorage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Tests.Components;

/// <summary>A page in a browser that is not there, before the real application's services.</summary>
public abstract class PageContext : BunitContext
{
    private static readonly ConditionalWeakTable<IServiceProvider, List<(Type Type, object Service)>> _servicesOf = [];

    private BunitAuthorizationContext? _authorization;
    private IRenderedComponent<MudDialogProvider>? _dialogs;

    // A wait ends when it is over; a busy machine is no reason to fail.
    static PageContext() => DefaultWaitTimeout = TimeSpan.FromSeconds(30);

    protected PageContext()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Script = JSInterop.SetupModule("./js/keys.js");
        Script.Mode = JSRuntimeMode.Loose;
    }

    protected BunitJSModuleInterop Script { get; }

    protected BunitNavigationManager Navigation => Services.GetRequiredService<BunitNavigationManager>();

    /// <summary>The dialogs on the screen. Call it before one is opened; nothing can be added to the services afterwards.</summary>
    protected IRenderedComponent<MudDialogProvider> Dialogs => _dialogs ??= Render<MudDialogProvider>();

    /// <summary>What the snackbars on the screen say.</summary>
    protected IEnumerable<string?> Said => Services.GetRequiredService<ISnackbar>().ShownSnackbars.Select(s => s.Message);

    protected static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    /// <summary>Pages find what the application has; what a test adds afterwards wins.</summary>
    protected void Use(IServiceProvider application)
    {
        Services.AddPageServices();
        Services.AddScoped<ProtectedSessionStorage>();
        foreach (var (type, service) in _servicesOf.GetValue(application, ServicesOf))
        {
            // By instance, or this browser would dispose of it when it closes.
            Services.AddSingleton(type, service);
        }
    }

    /// <summary>Logs this browser in.</summary>
    protected virtual void LogIn(Actor actor, string zone = "UTC")
    {
        (_authorization ??= AddAuthorization()).SetAuthorized("person").SetClaims(
            new Claim(ClaimTypes.NameIdentifier, actor.AccountId!.Value.ToString(CultureInfo.InvariantCulture)),
            new Claim(SessionClaims.SessionId, actor.SessionId.ToString()));
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        Services.GetRequiredService<CurrentUser>().Zone = TimeZoneInfo.FindSystemTimeZoneById(zone);
    }

    /// <summary>The one element of this kind that a screen reader calls by this name.</summary>
    protected static IElement Named(IRenderedComponent<IComponent> page, string selector, string name) =>
        page.FindAll(selector).Single(e => (e.GetAttribute("aria-label") ?? e.TextContent.Trim()) == name);

    /// <summary>Finds and presses in one turn of the renderer, so that nothing is rendered in between.</summary>
    protected static Task ClickAsync(IRenderedComponent<IComponent> page, string selector, string name) =>
        page.InvokeAsync(() => Named(page, selector, name).ClickAsync());

    /// <summary>Presses what asks before it acts, and returns when the question is on the screen: the press itself ends with the answer.</summary>
    protected void Ask(IRenderedComponent<IComponent> page, string selector, string name)
    {
        var dialogs = Dialogs;
        _ = page.InvokeAsync(() => Named(page, selector, name).Click());
        dialogs.WaitForElement("[role=dialog]");
    }

    /// <summary>Presses a button of the open dialog.</summary>
    protected Task AnswerAsync(string name) => ClickAsync(Dialogs, "[role=dialog] button", name);

    protected static Task TickAsync(IRenderedComponent<IComponent> page, string name) =>
        page.InvokeAsync(() => Named(page, "input", name).ChangeAsync(true));

    private static List<(Type Type, object Service)> ServicesOf(IServiceProvider application)
    {
        var pages = new ServiceCollection();
        pages.AddPageServices();
        var known = application.GetRequiredService<IServiceProviderIsService>();
        var own = typeof(ComponentsSetup).Assembly.GetTypes().Where(type => !type.ContainsGenericParameters && !typeof(IComponent).IsAssignableFrom(type)).ToList();
        return
        [
            .. own.Where(type => known.IsService(type) && pages.All(page => page.ServiceType != type))
                .Concat(own.Where(type => type is { IsClass: true, IsAbstract: false } && type.Name.EndsWith("Options", StringComparison.Ordinal)).Select(type => typeof(IOptions<>).MakeGenericType(type)))
                .Append(typeof(TimeProvider)).Append(typeof(IDataProtectionProvider))
                .Select(type => (type, application.GetRequiredService(type))),
        ];
    }
}
