using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor;

namespace NexLlm.Dashboard.Tests.Components;

/// <summary>
/// A hand at the fields of a page, which it finds by their labels. Make it before the page, so that lists have where to open, and
/// when everything is in the services.
/// </summary>
internal sealed class PageFields(BunitContext browser)
{
    /// <summary>What is typed is looked for when the hand has rested for so long.</summary>
    private static readonly TimeSpan _rest = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly IRenderedComponent<MudPopoverProvider> _popovers = browser.Render<MudPopoverProvider>();

    private IReadOnlyList<string> Offered => [.. _popovers.FindAll("[role=option]").Select(o => o.TextContent.Trim())];

    /// <summary>What the open list says where it offers nothing.</summary>
    public string OfferedNothing => _popovers.Find(".mud-popover-open").TextContent.Trim();

    public static IElement Field(IRenderedComponent<IComponent> page, string label)
    {
        var words = page.FindAll("label").Single(l => l.TextContent.Trim() == label);
        return page.Find($"#{words.GetAttribute("for")}");
    }

    public static string? Shown(IRenderedComponent<IComponent> page, string label) => Field(page, label).GetAttribute("value");

    /// <summary>
    /// Types what is looked for, and rests. First it goes to the field, as hands do: what stands in one without the focus is replaced
    /// whenever the page is rendered.
    /// </summary>
    public async Task TypeAsync(IRenderedComponent<IComponent> page, string label, string text)
    {
        await page.InvokeAsync(() => Field(page, label).FocusAsync(new()));
        await page.InvokeAsync(() => Field(page, label).InputAsync(text));
        ((FakeTimeProvider)browser.Services.GetRequiredService<TimeProvider>()).Advance(_rest);
    }

    public static Task EnterAsync(IRenderedComponent<IComponent> page, string label, string text) =>
        page.InvokeAsync(() => Field(page, label).ChangeAsync(text));

    public static Task ChooseDatesAsync(IRenderedComponent<IComponent> page, DateTime? first, DateTime? last) =>
        page.InvokeAsync(() => page.FindComponent<MudDateRangePicker>().Instance.DateRangeChanged.InvokeAsync(new DateRange(first, last)));

    /// <summary>Opens a list and chooses from it.</summary>
    public async Task ChooseAsync<T>(IRenderedComponent<IComponent> page, string label, string option)
    {
        var select = page.FindComponents<MudSelect<T>>().Single(s => s.Instance.Label == label);
        await page.InvokeAsync(select.Instance.OpenMenu);
        await TakeAsync(option);
    }

    /// <summary>Waits until this is offered, and takes it.</summary>
    public async Task TakeAsync(string option)
    {
        WaitForOffered(offered => Assert.Contains(option, offered));
        await _popovers.InvokeAsync(() => _popovers.FindAll("[role=option]").First(o => o.TextContent.Trim() == option).ClickAsync());
    }

    public void WaitForOffered(Action<IReadOnlyList<string>> assertion) => _popovers.WaitForAssertion(() => assertion(Offered), _patience);
}
