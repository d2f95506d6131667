using System.Net;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.SingleSignOn;

/// <summary>What somebody tries who is not who the provider says, or a provider that is not asked.</summary>
public sealed class ProviderAttackTests(SingleSignOnApp site) : IClassFixture<SingleSignOnApp>
{
    private static int _people;

    private readonly NexLlmApp _app = site.App;
    private readonly string _email = $"victim{Interlocked.Increment(ref _people)}@example.com";

    public static TheoryData<string, string?> Forgeries => new()
    {
        { "nothing", null },
        { "another audience", "failed" },
        { "another issuer", "failed" },
        { "another nonce", "expired" },
        { "no nonce", "expired" },
        { "another key", "failed" },
        { "no signature", "failed" },
        { "the client's secret as key", "failed" },
        { "expired", "clock" },
        { "not valid yet", "clock" },
        { "a minute slow", null },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task An_id_token_counts_only_as_the_provider_made_it_for_this_very_log_in(string forgery, string? failure)
    {
        site.Corp.Person = new($"{forgery}-1", _email);
        site.Corp.Tamper = token => Forge(token, forgery);
        using var visitor = new AccountVisitor(_app);

        var answer = await visitor.LogInWithAsync("corp");

        site.Corp.Tamper = null;
        Assert.Equal(failure, answer.Failure());
        Assert.Equal(failure is null, await _app.AccountAsync(_email) is not null);
        if (failure is not null)
        {
            Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync(AccountVisitor.Target(answer)!)).StatusCode);
        }
    }

    [Fact]
    public async Task An_answer_is_good_once_and_only_in_the_browser_that_asked()
    {
        site.Corp.Person = new("replayed", _email);
        using var victim = new AccountVisitor(_app);
        using var thief = new AccountVisitor(_app);
        var callback = (await victim.GoAsync("/account/sso/corp", until: "/callback")).Headers.Location!.ToString();

        // In another browser first: the attacker's answer handed to a victim, or a victim's answer stolen.
        Assert.Equal("expired", (await thief.GoAsync(callback)).Failure());
        Assert.Null((await victim.GoAsync(callback)).Failure());
        Assert.Equal("expired", (await victim.GoAsync(callback)).Failure());
        Assert.Equal("expired", (await victim.GoAsync("/account/sso/corp/complete")).Failure());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?code=x")]
    [InlineData("?code=x&state=forged")]
    [InlineData("?error=server_error&error_description=%0d%0aforged%20line")]
    public async Task An_answer_that_belongs_to_no_log_in_is_told_in_words(string query)
    {
        using var visitor = new AccountVisitor(_app);

        var answer = await visitor.GoAsync($"/account/sso/corp/callback{query}");

        Assert.Equal("expired", answer.Failure());
        Assert.Contains("Choose Corp Login again.", await visitor.ReadAsync(AccountVisitor.Target(answer)!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_of_one_provider_is_worth_nothing_at_the_other()
    {
        site.Corp.Person = new("mixed-corp", $"corp-{_email}");
        site.Other.Person = new("mixed-other", $"other-{_email}");
        using var visitor = new AccountVisitor(_app);
        var ofOther = (await visitor.GoAsync("/account/sso/other", until: "/callback")).Headers.Location!.ToString();
        var ofCorp = (await visitor.GoAsync("/account/sso/corp", until: "/callback")).Headers.Location!.ToString();

        Assert.Equal("expired", (await visitor.GoAsync(ofOther.Replace("/sso/other/", "/sso/corp/", StringComparison.Ordinal))).Failure());
        // The right state with the other provider's code, and with its issuer.
        var state = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(ofCorp).Query)["state"].ToString();
        var code = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(ofOther).Query)["code"].ToString();
        foreach (var issuer in new[] { site.Other.Issuer, null })
        {
            var mixed = $"/account/sso/corp/callback?code={Uri.EscapeDataString(code)}&state={Uri.EscapeDataString(state)}"
                + (issuer is null ? "" : $"&iss={Uri.EscapeDataString(issuer)}");
            Assert.NotNull((await visitor.GoAsync(mixed)).Failure());
        }

        Assert.Null(await _app.AccountAsync($"corp-{_email}"));
        Assert.Null(await _app.AccountAsync($"other-{_email}"));
    }

    [Fact]
    public async Task A_log_in_that_another_site_posts_its_answer_to_is_told_in_words()
    {
        using var visitor = new AccountVisitor(_app);

        Assert.Equal("expired", (await visitor.PostAsync("/account/sso/corp/callback", [new("code", "x"), new("state", "y")])).Failure());
    }

    private string Forge(JsonWebToken token, string forgery)
    {
        var claims = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, object>>(Base64UrlEncoder.Decode(token.EncodedPayload))!;
        SigningCredentials? signed = site.Corp.Credentials;
        var now = _app.Clock.GetUtcNow();
        switch (forgery)
        {
            case "another audience":
                claims["aud"] = "another-client";
                break;
            case "another issuer":
                claims["iss"] = site.Other.Issuer;
                break;
            case "another nonce":
                claims["nonce"] = "of another log-in";
                break;
            case "no nonce":
                claims.Remove("nonce");
                break;
            case "another key":
                signed = site.Other.Credentials;
                break;
            case "no signature":
                signed = null;
                break;
            case "the client's secret as key":
                signed = new(new SymmetricSecurityKey(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(TestProvider.ClientSecret))), SecurityAlgorithms.HmacSha256);
                break;
            case "expired":
                claims["exp"] = now.AddMinutes(-3).ToUnixTimeSeconds();
                break;
            case "not valid yet":
                claims["nbf"] = now.AddMinutes(3).ToUnixTimeSeconds();
                break;
            case "a minute slow":
                claims["exp"] = now.AddMinutes(-1).ToUnixTimeSeconds();
                break;
        }

        return TestProvider.Sign(claims, signed);
    }
}
