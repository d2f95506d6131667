using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Channels;

/// <summary>The administrators' pages about channels and groups, before the real services and a real database.</summary>
public abstract class AdministrationPageTests : PageContext, IAsyncLifetime
{
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
        Services.AddSingleton(ActivatorUtilities.CreateInstance<ChannelUse>(App.Services, Database));
        Admin = await App.CreateActorAsync(administrator: true);
        LogIn(Admin);
    }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A channel of its own in the default group, serving "fresh".</summary>
    protected async Task<ChannelDetails> CreateChannelAsync(string name, string? providerKey = null)
    {
        var standard = await App.DefaultGroupAsync();
        return await App.CreateChannelAsync(
            Admin, s => s with { Name = name, BaseUrl = App.Upstream.BaseUrl, GroupIds = [standard], Models = [new("fresh")] }, providerKey);
    }
}
