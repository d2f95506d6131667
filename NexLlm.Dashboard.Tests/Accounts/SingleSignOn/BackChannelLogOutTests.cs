using System.Net;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.SingleSignOn;

public sealed class BackChannelLogOutTests(SingleSignOnApp site) : IClassFixture<SingleSignOnApp>
{
    private const string Nonce = "nonce";

    private readonly NexLlmApp _app = site.App;

    public static TheoryData<string> Forgeries =>
    [
        "another issuer", "another audience", "another key", "no signature", "the client's secret as key", "a nonce", "no events", "another event",
        "no jti", "no iat", "too old", "in the future", "expired", "neither sub nor sid", "an ID token", "nothing", "no token",
    ];

    [Fact]
    public async Task The_provider_ends_one_session_by_its_sid_or_all_of_a_person_by_the_sub_and_nobody_elses()
    {
        site.Corp.Person = new("leaver", "leaver@example.com") { SessionId = "laptop" };
        using var laptop = new AccountVisitor(_app);
        await laptop.LogInWithAsync("corp");
        site.Corp.Person = site.Corp.Person with { SessionId = "phone" };
        using var phone = new AccountVisitor(_app);
        await phone.LogInWithAsync("corp");
        site.Other.Person = new("leaver", "namesake@example.com") { SessionId = "laptop" };
        using var namesake = new AccountVisitor(_app);
        await namesake.LogInWithAsync("other");

        var answer = await EndAsync(site.Corp.LogOutToken(token =>
        {
            token.Remove("sub");
            token["sid"] = "laptop";
        }));
        Assert.Equal((HttpStatusCode.OK, "no-store"), (answer.StatusCode, answer.Headers.CacheControl?.ToString()));
        Assert.Equal((false, true, true), (await IsInAsync(laptop), await IsInAsync(phone), await IsInAsync(namesake)));

        Assert.Equal(HttpStatusCode.OK, (await EndAsync(site.Corp.LogOutToken())).StatusCode);
        Assert.Equal((false, false, true), (await IsInAsync(laptop), await IsInAsync(phone), await IsInAsync(namesake)));
        // Over already, which is what was wanted.
        Assert.Equal(HttpStatusCode.OK, (await EndAsync(site.Corp.LogOutToken())).StatusCode);
        var account = (await _app.AccountAsync("leaver@example.com"))!;
        Assert.Equal(2, (await _app.AuditAsync()).Count(e => e.OwnerId == account.Id && e.Action == AuditActions.AccountSessionEndedByProvider));
    }

    [Fact]
    public async Task A_token_works_once_and_ends_nothing_that_began_after_it()
    {
        site.Corp.Person = new("replay", "replay@example.com");
        using var person = new AccountVisitor(_app);
        await person.LogInWithAsync("corp");
        var token = site.Corp.LogOutToken();
        Assert.Equal(HttpStatusCode.OK, (await EndAsync(token)).StatusCode);
        await person.LogInWithAsync("corp");

        Assert.Equal(HttpStatusCode.BadRequest, (await EndAsync(token)).StatusCode);
        var older = site.Corp.LogOutToken(claims =>
        {
            claims["iat"] = _app.Clock.GetUtcNow().AddMinutes(-5).ToUnixTimeSeconds();
            claims.Remove("exp");
        });
        Assert.Equal(HttpStatusCode.OK, (await EndAsync(older)).StatusCode);
        Assert.True(await IsInAsync(person));
    }

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Whatever_proves_nothing_is_400_and_ends_nothing(string forgery)
    {
        site.Corp.Person = new("target", "target@example.com") { SessionId = "target-session" };
        using var person = new AccountVisitor(_app);
        await person.LogInWithAsync("corp");

        var answer = await EndAsync(Forge(forgery));

        Assert.Equal((HttpStatusCode.BadRequest, "no-store"), (answer.StatusCode, answer.Headers.CacheControl?.ToString()));
        Assert.Contains("invalid_request", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.True(await IsInAsync(person));
    }

    [Fact]
    public async Task A_provider_that_is_not_configured_and_a_body_without_end_are_refused()
    {
        using var http = _app.CreateVisitor();
        using var unknown = Form("x");
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync("/account/sso/nobody/backchannel-logout", unknown, TestContext.Current.CancellationToken)).StatusCode);
        using var endless = Form(new string('x', 40_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await http.PostAsync("/account/sso/corp/backchannel-logout", endless, TestContext.Current.CancellationToken)).StatusCode);
    }

    private string? Forge(string forgery) => forgery switch
    {
        "another issuer" => site.Corp.LogOutToken(t => t["iss"] = site.Other.Issuer),
        "another audience" => site.Corp.LogOutToken(t => t["aud"] = "another-client"),
        "another key" => site.Corp.LogOutToken(credentials: site.Other.Credentials),
        "no signature" => TestProvider.Sign(new() { ["iss"] = site.Corp.Issuer, ["aud"] = TestProvider.ClientId, ["sub"] = "target", ["jti"] = "x" }, credentials: null),
        "the client's secret as key" => site.Corp.LogOutToken(credentials: new(
            new SymmetricSecurityKey(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(TestProvider.ClientSecret))), SecurityAlgorithms.HmacSha256)),
        "a nonce" => site.Corp.LogOutToken(t => t[Nonce] = "x"),
        "no events" => site.Corp.LogOutToken(t => t.Remove("events")),
        "another event" => site.Corp.LogOutToken(t => t["events"] = new Dictionary<string, object> { ["http://example.com/another"] = new Dictionary<string, object>() }),
        "no jti" => site.Corp.LogOutToken(t => t.Remove("jti")),
        "no iat" => site.Corp.LogOutToken(t => t.Remove("iat")),
        "too old" => site.Corp.LogOutToken(t => (t["iat"], t["exp"]) = (In(-11), In(5))),
        "in the future" => site.Corp.LogOutToken(t => (t["iat"], t["exp"]) = (In(3), In(5))),
        "expired" => site.Corp.LogOutToken(t => t["exp"] = In(-3)),
        "neither sub nor sid" => site.Corp.LogOutToken(t => t.Remove("sub")),
        "an ID token" => TestProvider.Sign(
            new() { ["iss"] = site.Corp.Issuer, ["aud"] = TestProvider.ClientId, ["sub"] = "target", ["iat"] = In(0), ["exp"] = In(5), ["jti"] = "id" }, site.Corp.Credentials),
        "nothing" => "x.y.z",
        _ => null,
    };

    private long In(int minutes) => _app.Clock.GetUtcNow().AddMinutes(minutes).ToUnixTimeSeconds();

    private async Task<HttpResponseMessage> EndAsync(string? token)
    {
        using var http = _app.CreateVisitor();
        using var form = Form(token);
        return await http.PostAsync("/account/sso/corp/backchannel-logout", form, TestContext.Current.CancellationToken);
    }

    private static FormUrlEncodedContent Form(string? token) => new(token is null ? [] : [KeyValuePair.Create("logout_token", token)]);

    private static async Task<bool> IsInAsync(AccountVisitor person) => (await person.GetAsync("/account")).StatusCode is HttpStatusCode.OK;
}
