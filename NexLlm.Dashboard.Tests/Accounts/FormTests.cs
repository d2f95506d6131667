using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts;

public sealed partial class FormTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task Every_POST_without_a_token_is_400_logged_in_or_not()
    {
        using var visitor = new AccountVisitor(app, new IPAddress([127, 0, 2, 1]));
        using var person = new AccountVisitor(app, new IPAddress([127, 0, 2, 2]));
        await person.SignUpAsync("forms@example.com");
        // A provider's server calls this one, without any cookie: what it sends is signed.
        var posts = Posts().Where(path => !path.EndsWith("/backchannel-logout", StringComparison.Ordinal)).ToList();
        Assert.Superset(
            new HashSet<string> { "/account/login", "/account/register", "/account/setup", "/account/password", "/account/logout", "/account", "/account/invitation", "/account/reset",
                "/account/passkeys", "/account/passkeys/new", "/account/passkeys/ask" },
            posts.ToHashSet());

        foreach (var path in posts)
        {
            foreach (var values in (Dictionary<string, string>[])[[], new() { ["_handler"] = "log-in", ["__RequestVerificationToken"] = "forged" }])
            {
                Assert.Equal((path, HttpStatusCode.BadRequest), (path, (await person.PostAsync(path, values)).StatusCode));
                var anonymous = await visitor.PostAsync(path, values);
                Assert.True(
                    anonymous.StatusCode == HttpStatusCode.BadRequest || AccountVisitor.Target(anonymous)?.StartsWith("/account/login", StringComparison.Ordinal) == true,
                    $"{path} answered {anonymous.StatusCode}");
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await person.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task Another_person_s_token_is_400()
    {
        using var ada = new AccountVisitor(app, new IPAddress([127, 0, 2, 3]));
        using var mallory = new AccountVisitor(app, new IPAddress([127, 0, 2, 4]));
        await ada.SignUpAsync("ada.token@example.com");
        await mallory.SignUpAsync("mallory@example.com");

        var (action, values) = await mallory.PrepareAsync("/account", "/account/logout");

        Assert.Equal(HttpStatusCode.BadRequest, (await ada.PostAsync(action, values)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("/account")).StatusCode);
    }

    [Theory]
    [MemberData(nameof(LocalUrlTests.Hostile), MemberType = typeof(LocalUrlTests))]
    public async Task A_hostile_return_address_leads_to_the_home_page_and_never_to_an_error(string url)
    {
        var created = await app.SignUpAsync($"{Guid.NewGuid():N}@example.com");
        using var visitor = new AccountVisitor(app, new IPAddress([127, 0, 3, (byte)(created.AccountId % 250)]));

        var register = await visitor.GetAsync($"/account/register?returnUrl={Uri.EscapeDataString(url)}");
        Assert.Equal(HttpStatusCode.OK, register.StatusCode);
        var answer = await visitor.LogInAsync(created.Login!.Email, returnUrl: url);
        Assert.Equal((HttpStatusCode.Redirect, "/"), (answer.StatusCode, AccountVisitor.Target(answer)));
        Assert.Equal("/", AccountVisitor.Target(await visitor.GetAsync($"/account/login?returnUrl={Uri.EscapeDataString(url)}")));
    }

    private List<string> Posts() =>
    [
        .. from endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           let pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
           where endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") == true
           where !pattern.StartsWith("/_", StringComparison.Ordinal)
           select Parameter().Replace(pattern, "1"),
    ];

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
