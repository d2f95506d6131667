using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.Components.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Channels;

/// <summary>The administrators' pages about channels and groups, before the real services and a real database.</summary>
public abstract class AdministrationPageTests : PageContext, IAsyncLifetime
{
    private IRenderedComponent<MudPopoverProvider>? _popovers;

    protected GatewayApp App { get; private set; } = null!;

    /// <summary>What the pages' services read and write; it can be made to fail.</summary>
    protected CountedContexts Database { get; private set; } = null!;

    /// <summary>Who looks, and who acts beside the page.</summary>
    protected Actor Admin { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        App = await GatewayApp.StartAsync();
        Database = new CountedContexts(App.Contexts);
        Use(App.Services);
        Services.AddSingleton(ActivatorUtilities.CreateInstance<ChannelAdministration>(App.Services, Database));
        Services.AddSingleton(ActivatorUtilities.CreateInstance<GroupAdministration>(App.Services, Database));
        Services.AddSingleton(ActivatorUtilities.CreateInstance<ChannelImpact>(App.Services, Database));
        Admin = await App.CreateActorAsync(administrator: true);
        LogIn(Admin);
    }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The menus and lists that hang over the page. Call it before one is opened.</summary>
    protected IRenderedComponent<MudPopoverProvider> Popovers => _popovers ??= Render<MudPopoverProvider>();

    /// <summary>Opens the menu of a row, and returns the names of what it offers.</summary>
    protected async Task<IReadOnlyList<string>> OpenMenuAsync(IRenderedComponent<IComponent> page, string name)
    {
        var popovers = Popovers;
        await ClickAsync(page, "button", $"Actions for {name}");
        popovers.WaitForElement("[role=menuitem]");
        return [.. popovers.FindAll("[role=menuitem]").Select(item => item.TextContent.Trim())];
    }

    /// <summary>Chooses from the menu of a row what acts without a question.</summary>
    protected async Task ChooseAsync(IRenderedComponent<IComponent> page, string name, string action)
    {
        await OpenMenuAsync(page, name);
        await ClickAsync(Popovers, "[role=menuitem]", action);
    }

    /// <summary>Chooses from the menu of a row what asks before it acts.</summary>
    protected async Task ChooseAndBeAskedAsync(IRenderedComponent<IComponent> page, string name, string action)
    {
        _ = Dialogs;
        await OpenMenuAsync(page, name);
        Ask(Popovers, "[role=menuitem]", action);
    }

    /// <summary>Chooses from the list that a select drops down.</summary>
    protected async Task SelectAsync(IRenderedComponent<IComponent> page, string label, string option)
    {
        var popovers = Popovers;
        await page.InvokeAsync(() => page.Field(label).Closest(".mud-input-control")!.MouseDown());
        popovers.WaitForElement("[role=option]");
        await popovers.InvokeAsync(() => popovers.FindAll("[role=option]").Single(o => o.TextContent.Trim() == option).Click());
    }

    /// <summary>What the open dialog says.</summary>
    protected string Dialog() => string.Join(' ', Dialogs.Find("[role=dialog]").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>A channel of its own in the default group, serving "fresh".</summary>
    protected async Task<ChannelDetails> CreateChannelAsync(string name, string? providerKey = null)
    {
        var standard = await App.DefaultGroupAsync();
        return await App.CreateChannelAsync(
            Admin, s => s with { Name = name, BaseUrl = App.Upstream.BaseUrl, GroupIds = [standard], Models = [new("fresh")] }, providerKey);
    }
}
