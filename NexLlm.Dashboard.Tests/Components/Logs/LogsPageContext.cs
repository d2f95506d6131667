using Bunit;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Logs;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Logs;

/// <summary>The log's page before the real services, a real file and a clock that moves only when told.</summary>
public abstract class LogsPageContext : PageContext, IClassFixture<NexLlmApp>
{
    private PageFields? _fields;

    protected LogsPageContext(NexLlmApp app)
    {
        App = app;
        Use(app.Services);
        JSInterop.SetupModule("./js/logs.js").Mode = JSRuntimeMode.Loose;
    }

    internal PageFields Fields => _fields ??= new PageFields(this);

    protected NexLlmApp App { get; }

    protected IRenderedComponent<LogsPage> Open(string address = "logs")
    {
        _ = Fields;
        Navigation.NavigateTo(address);
        var page = Render<LogsPage>();
        page.WaitForState(() => page.FindAll("[aria-label='Loading the request log']").Count == 0);
        return page;
    }

    protected async Task<Actor> LogInAsync(string zone = "UTC")
    {
        var actor = await App.CreateActorAsync();
        LogIn(actor, zone);
        return actor;
    }

    protected async Task LogAsync(Actor owner, Func<LoggedRequest, LoggedRequest> change)
    {
        App.AddLine(TimeSpan.Zero, line => change(line with { AccountId = owner.AccountId }));
        await App.LogWriter.FlushAsync();
    }

    protected static string? PageLink(IRenderedComponent<IComponent> page, string name) => page.Find($"a[aria-label='{name}']").GetAttribute("href");

    protected static IReadOnlyList<string> Models(IRenderedComponent<IComponent> page) => [.. page.FindAll("tbody .name").Select(n => n.TextContent)];
}
