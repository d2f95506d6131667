using System.Net;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys;

/// <summary>A page about keys in a browser that is not there, before the real services and a real database.</summary>
public abstract class KeyPageTests : PageContext
{
    protected const string MyAddress = "203.0.113.7";

    private IRenderedComponent<MudPopoverProvider>? _popovers;

    protected KeyPageTests(NexLlmApp app)
    {
        App = app;
        Use(app.Services);
    }

    protected NexLlmApp App { get; }

    /// <summary>The open lists on the screen. Call it before the page is opened.</summary>
    protected IRenderedComponent<MudPopoverProvider> Popovers => _popovers ??= Render<MudPopoverProvider>();

    /// <summary>Logs this browser in, at <see cref="MyAddress"/>.</summary>
    protected override void LogIn(Actor actor, string zone = "UTC")
    {
        base.LogIn(actor, zone);
        Services.GetRequiredService<CurrentUser>().Address = IPAddress.TryParse(MyAddress, out var address) ? address : null;
    }

    /// <inheritdoc cref="AddGroupAsync(string, ChannelType, string[])"/>
    protected Task<long> AddGroupAsync(string name, params string[] models) => AddGroupAsync(name, ChannelType.OpenAI, models);

    /// <summary>A group of its own with one channel that serves these models.</summary>
    protected async Task<long> AddGroupAsync(string name, ChannelType type, params string[] models)
    {
        await using var db = await App.Contexts.CreateDbContextAsync(Cancellation);
        var group = new ChannelGroup { Name = name, Description = $"About {name}", RatioMillionths = 500_000 };
        var channel = new Channel { Name = name, Type = type, BaseUrl = "https://upstream.example/v1", IsEnabled = true, Groups = [group] };
        channel.Speak(ApiSettings.DefaultsOf(type));
        channel.Models.AddRange(models.Select(m => new ChannelModel { Name = m }));
        db.Add(channel);
        await db.SaveChangesAsync(Cancellation);
        await App.Services.GetRequiredService<ChannelDirectory>().ReloadAsync(Cancellation);
        return group.Id;
    }

    protected async Task ExecuteAsync(FormattableString sql)
    {
        await using var db = await App.Contexts.CreateDbContextAsync(Cancellation);
        await using var transaction = await db.BeginWriteAsync(Cancellation);
        await db.Database.ExecuteSqlAsync(sql, Cancellation);
        await transaction.CommitAsync(Cancellation);
    }
}

/// <summary>Finds things on a page the way a person does: by what they are called.</summary>
internal static class ByName
{
    public static IElement Field(this IRenderedComponent<IComponent> page, string label)
    {
        var named = page.FindAll($"[aria-label='{label}']") is [var first, ..] ? first : null;
        var text = page.FindAll("label").FirstOrDefault(l => l.TextContent.Trim() == label);
        return named ?? (text?.GetAttribute("for") is { } id ? page.Find($"#{id}") : text?.QuerySelector("input"))
            ?? throw new InvalidOperationException($"No field {label} in {page.Markup}");
    }

    public static IElement Button(this IRenderedComponent<IComponent> page, string name) =>
        page.FindAll("button").FirstOrDefault(b => (b.GetAttribute("aria-label") ?? b.TextContent.Trim()) == name)
        ?? throw new InvalidOperationException($"No button {name} in {page.Markup}");

    public static Task TypeAsync(this IRenderedComponent<IComponent> page, string label, string text) => page.Field(label).InputAsync(text);

    /// <summary>Chooses in a list that opens: of a field's choices, the one that says this.</summary>
    /// <param name="popovers">Where open lists are shown; on the screen before the page is.</param>
    public static async Task ChooseAsync(this IRenderedComponent<IComponent> page, string label, string words, IRenderedComponent<MudPopoverProvider> popovers)
    {
        await page.Field(label).MouseDownAsync(new());
        popovers.WaitForAssertion(() => Assert.Contains(popovers.FindAll(".mud-list-item"), item => item.TextContent.Contains(words, StringComparison.Ordinal)));
        await popovers.InvokeAsync(() => popovers.FindAll(".mud-list-item").First(item => item.TextContent.Contains(words, StringComparison.Ordinal)).ClickAsync(new()));
    }

    public static Task PressAsync(this IRenderedComponent<IComponent> page, string name) => page.Button(name).ClickAsync();

    /// <summary>Presses Enter, or the page's one submit button: to the server it is the same.</summary>
    public static Task SubmitAsync(this IRenderedComponent<IComponent> page) => page.Find("form[autocomplete]").SubmitAsync();

    public static string Heading(this IRenderedComponent<IComponent> page) => page.Find("h2").TextContent;

    /// <summary>What is wrong with a field, as its control points to it.</summary>
    public static string? Error(this IRenderedComponent<IComponent> page, string controlId) =>
        page.Find($"#{controlId}").GetAttribute("aria-describedby")!.Split(' ').Contains($"{controlId}-error")
            ? page.Find($"#{controlId}-error").TextContent.Trim()
            : null;
}
