using System.Net;
using AngleSharp.Html.Parser;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Layout;

/// <summary>What every document is made of, as the real application serves it.</summary>
public sealed class ShellTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    [Theory]
    [InlineData("/not-found", "Not found · NexLLM", "Page not found")]
    [InlineData("/error", "Error · NexLLM", "Something went wrong")]
    public async Task A_page_that_stands_alone_has_a_title_one_heading_a_main_and_a_way_on(string path, string title, string heading)
    {
        var document = await GetAsync(path);

        Assert.Equal(title, document.Title);
        Assert.Equal(heading, Assert.Single(document.QuerySelectorAll("h1")).TextContent);
        Assert.NotNull(document.QuerySelector("main#main"));
        Assert.Equal("keys", document.QuerySelector("main a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task The_error_page_names_the_request_and_nothing_else()
    {
        var document = await GetAsync("/error");

        Assert.NotEmpty(document.QuerySelector("main code")!.TextContent);
    }

    [Theory]
    [InlineData("dark", "dark")]
    [InlineData("light", "light")]
    [InlineData("system", "light")]
    [InlineData("\"><script>", "light")]
    public async Task The_theme_of_the_cookie_is_in_the_document_before_any_script_runs(string cookie, string theme)
    {
        var document = await GetAsync("/not-found", $"theme={Uri.EscapeDataString(cookie)}");

        Assert.Equal(theme, document.DocumentElement.GetAttribute("data-theme"));
    }

    [Fact]
    public async Task Both_palettes_are_always_there()
    {
        var styles = string.Concat((await GetAsync("/not-found")).QuerySelectorAll("head style").Select(style => style.TextContent));

        Assert.Contains(":root{", styles, StringComparison.Ordinal);
        Assert.Contains(":root[data-theme=dark]{", styles, StringComparison.Ordinal);
        Assert.DoesNotContain("'system-ui'", styles, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_a_document_loads_is_local_and_no_script_is_inline()
    {
        var document = await GetAsync("/not-found");
        var scripts = document.QuerySelectorAll("script");

        Assert.All(scripts, script => Assert.NotNull(script.GetAttribute("src")));
        var addresses = scripts.Select(s => s.GetAttribute("src")!)
            .Concat(document.QuerySelectorAll("link[href]").Select(l => l.GetAttribute("href")!)).ToList();
        Assert.NotEmpty(addresses);
        using var client = app.CreateVisitor();
        foreach (var address in addresses)
        {
            Assert.False(Uri.TryCreate(address, UriKind.Absolute, out _), $"{address} is elsewhere");
            using var answer = await client.GetAsync("/" + address, TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task No_element_has_a_script_in_an_attribute() =>
        Assert.DoesNotContain(
            (await GetAsync("/not-found")).All, element => element.Attributes.Any(a => a.Name.StartsWith("on", StringComparison.Ordinal)));

    [Fact]
    public async Task The_root_leads_to_the_overview()
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = app.Address };

        using var answer = await client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/overview", answer.Headers.Location!.OriginalString);
    }

    private async Task<AngleSharp.Html.Dom.IHtmlDocument> GetAsync(string path, string? cookies = null)
    {
        using var client = app.CreateVisitor();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookies is not null)
        {
            request.Headers.Add("Cookie", cookies);
        }

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
