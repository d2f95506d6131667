using Bunit;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys;

/// <summary>The list's pages before the real services, a real database and a clock that moves only when told.</summary>
public abstract class ListPageTests : PageContext
{
    protected ListPageTests(NexLlmApp app)
    {
        App = app;
        Use(app.Services);
    }

    protected NexLlmApp App { get; }

    /// <summary>Logs a new account's browser in.</summary>
    protected async Task<Actor> LogInAsync(bool administrator = false, string zone = "UTC")
    {
        var actor = await App.CreateActorAsync(administrator: administrator);
        LogIn(actor, zone);
        return actor;
    }

    /// <summary>The list at this address, with the counts that follow the rows.</summary>
    protected IRenderedComponent<KeyList> Open(string address = "keys")
    {
        Navigation.NavigateTo(address);
        var page = Render<KeyList>();
        page.WaitForState(() => page.FindAll(".mud-chip strong").All(count => count.TextContent.Length > 0));
        return page;
    }

    /// <summary>The names in the list, top to bottom.</summary>
    protected static IReadOnlyList<string> Names(IRenderedComponent<IComponent> page) => [.. page.FindAll(".key-name").Select(n => n.TextContent)];
}
