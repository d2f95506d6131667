using System.Globalization;
using System.Security.Claims;
using AngleSharp.Dom;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MudBlazor;
using MudBlazor.Services;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys;

/// <summary>The list's pages before the real services, a real database and a clock that moves only when told.</summary>
public abstract class ListPageTests : BunitContext
{
    protected ListPageTests(NexLlmApp app)
    {
        App = app;
        JSInterop.Mode = JSRuntimeMode.Loose;
        foreach (var service in (Type[])[typeof(KeyPolicyService), typeof(KeyChanges), typeof(AccountService), typeof(AccountChanges), typeof(TimeProvider), typeof(IOptions<ApiKeyOptions>)])
        {
            Services.AddSingleton(service, app.Services.GetRequiredService(service));
        }

        Services.AddScoped<Person>();
        Services.AddScoped<PersonClock>();
        Services.AddScoped<KeyRecovery>();
        Services.AddMudServices();
    }

    protected NexLlmApp App { get; }

    protected BunitNavigationManager Navigation => Services.GetRequiredService<BunitNavigationManager>();

    /// <summary>What the snackbars on the screen say.</summary>
    protected IEnumerable<string?> Said => Services.GetRequiredService<ISnackbar>().ShownSnackbars.Select(s => s.Message);

    protected static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    /// <summary>Logs a new account's browser in.</summary>
    protected async Task<Actor> LogInAsync(bool administrator = false, string zone = "UTC")
    {
        var actor = await App.CreateActorAsync(administrator: administrator);
        LogIn(actor, zone);
        return actor;
    }

    protected void LogIn(Actor actor, string zone = "UTC")
    {
        AddAuthorization().SetAuthorized("person").SetClaims(
            new Claim(ClaimTypes.NameIdentifier, actor.AccountId!.Value.ToString(CultureInfo.InvariantCulture)),
            new Claim(SessionClaims.SessionId, actor.SessionId.ToString()));
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        Services.GetRequiredService<Person>().Zone = TimeZoneInfo.FindSystemTimeZoneById(zone);
    }

    /// <summary>The list at this address, with the counts that follow the rows.</summary>
    protected IRenderedComponent<KeyList> Open(string address = "keys")
    {
        Navigation.NavigateTo(address);
        var page = Render<KeyList>();
        page.WaitForState(() => page.FindAll(".chip strong").All(count => count.TextContent.Length > 0));
        return page;
    }

    /// <summary>The names in the list, top to bottom.</summary>
    protected static IReadOnlyList<string> Names(IRenderedComponent<IComponent> page) => [.. page.FindAll(".key-name").Select(n => n.TextContent)];

    /// <summary>The one element of this kind that a screen reader calls by this name.</summary>
    protected static IElement Named(IRenderedComponent<IComponent> page, string selector, string name) =>
        page.FindAll(selector).Single(e => (e.GetAttribute("aria-label") ?? e.TextContent.Trim()) == name);

    /// <summary>Finds and presses in one turn of the renderer, so that nothing is rendered in between.</summary>
    protected static Task ClickAsync(IRenderedComponent<IComponent> page, string selector, string name) =>
        page.InvokeAsync(() => Named(page, selector, name).ClickAsync());

    protected static Task TickAsync(IRenderedComponent<IComponent> page, string name) =>
        page.InvokeAsync(() => Named(page, "input", name).ChangeAsync(true));
}
