using System.Globalization;
using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Logs;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Logs;

/// <summary>The log's page before the real services, a real file and a clock that moves only when told.</summary>
public abstract class LogsPageContext : BunitContext, IClassFixture<NexLlmApp>
{
    protected LogsPageContext(NexLlmApp app)
    {
        App = app;
        JSInterop.Mode = JSRuntimeMode.Loose;
        foreach (var service in (Type[])[typeof(RequestLog), typeof(KeyPolicyService), typeof(ChannelCatalog), typeof(TimeProvider), typeof(LogExports)])
        {
            Services.AddSingleton(service, app.Services.GetRequiredService(service));
        }

        Services.AddScoped<Person>();
        Services.AddScoped<PersonClock>();
    }

    protected NexLlmApp App { get; }

    protected BunitNavigationManager Navigation => Services.GetRequiredService<BunitNavigationManager>();

    protected static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    protected IRenderedComponent<LogsPage> Open(string address = "logs")
    {
        Navigation.NavigateTo(address);
        var page = Render<LogsPage>();
        page.WaitForState(() => page.FindAll("[aria-label='Loading requests']").Count == 0);
        return page;
    }

    protected async Task<Actor> LogInAsync(string zone = "UTC")
    {
        var actor = await App.CreateActorAsync();
        LogIn(actor, zone);
        return actor;
    }

    protected void LogIn(Actor actor, string zone)
    {
        AddAuthorization().SetAuthorized("person").SetClaims(
            new Claim(ClaimTypes.NameIdentifier, actor.AccountId!.Value.ToString(CultureInfo.InvariantCulture)),
            new Claim(SessionClaims.SessionId, actor.SessionId.ToString()));
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        Services.GetRequiredService<Person>().Zone = TimeZoneInfo.FindSystemTimeZoneById(zone);
    }

    protected async Task LogAsync(Actor owner, Func<LoggedRequest, LoggedRequest> change)
    {
        App.AddLine(TimeSpan.Zero, line => change(line with { AccountId = owner.AccountId }));
        await App.LogWriter.FlushAsync();
    }

    protected static string? PageLink(IRenderedComponent<IComponent> page, string name) => page.Find($"a[aria-label='{name}']").GetAttribute("href");

    protected static IReadOnlyList<string> Models(IRenderedComponent<IComponent> page) => [.. page.FindAll("tbody .name").Select(n => n.TextContent)];
}
