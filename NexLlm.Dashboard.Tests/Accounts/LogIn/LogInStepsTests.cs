using System.Net;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.LogIn;

/// <summary>The e-mail address first, then the password.</summary>
public sealed class LogInStepsTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    private static int _visitors;

    [Fact]
    public async Task The_second_step_asks_for_the_password_and_leads_on_without_scripts()
    {
        await app.SignUpAsync("steps@example.com");
        using var visitor = Visitor();
        Assert.DoesNotContain("Entry.Password", await visitor.ReadAsync("/account/login"), StringComparison.Ordinal);

        var (action, values) = await visitor.PrepareAsync("/account/login?returnUrl=%2Faccount", "log-in", ("Entry.Email", "steps@example.com"));
        var second = await (await visitor.PostAsync(action, values)).Content.ReadAsStringAsync(_cancellation);
        Assert.Contains("value=\"steps@example.com\" autocomplete=\"username\"", second, StringComparison.Ordinal);
        Assert.Contains("autocomplete=\"current-password\"", second, StringComparison.Ordinal);
        Assert.Contains("href=\"/account/login?returnUrl=%2Faccount\"", second, StringComparison.Ordinal);

        values["Entry.Password"] = AccountVisitor.Password;
        Assert.Equal("/account", AccountVisitor.Target(await visitor.PostAsync(action, values)));
    }

    [Fact]
    public async Task The_second_step_is_the_same_whoever_has_an_account()
    {
        await app.SignUpAsync("known@example.com");
        using var visitor = Visitor();

        var known = await StepAsync("known@example.com");
        var unknown = await StepAsync("not-at-all@example.com");

        Assert.Equal(known.Replace("known@example.com", "", StringComparison.Ordinal), unknown.Replace("not-at-all@example.com", "", StringComparison.Ordinal));

        async Task<string> StepAsync(string email)
        {
            var answer = await visitor.SubmitAsync("/account/login", "log-in", ("Entry.Email", email));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return AccountVisitor.WithoutTokens(await answer.Content.ReadAsStringAsync(_cancellation));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public async Task Without_an_address_the_first_step_asks_for_it(string email)
    {
        using var visitor = Visitor();

        var answer = await visitor.SubmitAsync("/account/login", "log-in", ("Entry.Email", email));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync(_cancellation);
        Assert.Contains("Enter your email address.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Entry.Password", page, StringComparison.Ordinal);
    }

    private AccountVisitor Visitor() => new(app, new IPAddress([127, 0, 8, (byte)Interlocked.Increment(ref _visitors)]));
}
