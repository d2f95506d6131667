using System.Net;
using System.Text.RegularExpressions;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.SingleSignOn;

public sealed partial class ProviderLogOutTests(SingleSignOnApp site) : IClassFixture<SingleSignOnApp>
{
    private readonly NexLlmApp _app = site.App;

    [Fact]
    public async Task Logging_out_ends_the_session_here_and_leads_on_to_the_provider_and_back_to_the_log_in_page()
    {
        site.Corp.Person = new("out-1", "out@example.com");
        using var person = new AccountVisitor(_app);
        await person.LogInWithAsync("corp");
        var (action, values) = await person.PrepareAsync("/account", "/account/logout");

        var page = AccountVisitor.Target(await person.PostAsync(action, values))!;

        Assert.StartsWith("/account/logged-out?session=", page, StringComparison.Ordinal);
        Assert.Equal("/account/login?returnUrl=%2Faccount", AccountVisitor.Target(await person.GetAsync("/account")));
        var shown = await person.ReadAsync(page);
        var target = WebUtility.HtmlDecode(Refresh().Match(shown).Groups[1].Value);
        Assert.StartsWith($"{site.Corp.Authority}/log-out?", target, StringComparison.Ordinal);
        var back = await person.GetAsync(target);
        Assert.Equal($"{_app.Address}account/login", back.Headers.Location?.ToString());
        Assert.True(site.Corp.LogOuts.TryDequeue(out var asked));
        Assert.Equal((TestProvider.ClientId, true), (asked.ClientId, asked.IdTokenHint is { Length: > 100 }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?session=x")]
    [InlineData("?session=https://evil.example/")]
    public async Task The_page_that_leads_on_leads_nowhere_without_a_log_out_just_before(string query)
    {
        using var visitor = new AccountVisitor(_app);

        Assert.DoesNotContain("http-equiv", await visitor.ReadAsync($"/account/logged-out{query}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_logged_in_with_a_password_logs_out_here_alone()
    {
        using var person = new AccountVisitor(_app);
        await person.SignUpAsync("out-password@example.com");
        var (action, values) = await person.PrepareAsync("/account", "/account/logout");

        Assert.Equal("/account/login", AccountVisitor.Target(await person.PostAsync(action, values)));
    }

    [GeneratedRegex("http-equiv=\"refresh\" content=\"0;url=([^\"]*)\"")]
    private static partial Regex Refresh();
}
