using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Passkeys;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.Passkeys;

public sealed class PasskeyLogInTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    private static int _visitors;

    /// <summary>What an authenticator, or who stands between it and the server, can lie about.</summary>
    private static readonly Dictionary<string, Action<SoftwareAuthenticator>> _lies = new()
    {
        ["another origin"] = a => a.Origin = "https://evil.example.com",
        ["the origin of a neighbouring port"] = a => a.Origin = "https://keys.example.com:8443",
        ["plain http"] = a => a.Origin = "http://keys.example.com",
        ["a frame of another site"] = a => a.IsCrossOrigin = true,
        ["another host's passkey"] = a => a.RpId = "example.com",
        ["nobody verified"] = a => a.VerifiesUser = false,
        ["nobody present"] = a => a.IsUserPresent = false,
        ["a wrong signature"] = a => a.SignsRight = false,
        ["nobody's passkey"] = a => a.UserHandle = null,
        ["an unknown person's passkey"] = a => a.UserHandle = WebEncoders.Base64UrlEncode("999999"u8),
    };

    public static TheoryData<string> Lies => [.. _lies.Keys];

    [Fact]
    public async Task A_passkey_alone_logs_in_and_the_session_says_so()
    {
        var owner = await app.CreateActorAsync();
        using var browser = new PasskeyBrowser(app);
        await browser.AddAsync(owner);
        var visitor = Visitor();

        var login = Assert.IsType<LogInOutcome.LoggedIn>(await browser.LogInAsync(visitor)).Login;

        Assert.Equal(owner.AccountId, login.AccountId);
        await using var db = await app.Contexts.CreateDbContextAsync(_cancellation);
        var session = await db.Set<LoginSession>().SingleAsync(s => s.Id == login.SessionId, _cancellation);
        Assert.Equal((LogInMethod.Passkey, app.Clock.GetUtcNow()), (session.Method, session.AuthenticatedAt));
        Assert.Equal(AuditActions.AccountLoggedIn, (await app.AuditAsync()).Last(e => e.Address == visitor.Address!.ToString()).Action);
        var used = Assert.Single(await app.Services.GetRequiredService<PasskeyService>().ListAsync(owner, _cancellation));
        Assert.Equal(app.Clock.GetUtcNow(), used.LastUsedAt);
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_lie_is_refused_and_audited(string lie)
    {
        var owner = await app.CreateActorAsync();
        using var browser = new PasskeyBrowser(app);
        await browser.AddAsync(owner);
        var visitor = Visitor();
        _lies[lie](browser.Authenticator);

        // Within a minute, refusals from many addresses share a row.
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.IsType<LogInOutcome.Refused>(await browser.LogInAsync(visitor));

        Assert.Equal([AuditActions.AccountLogInRefused], await ActionsFromAsync(visitor));
        Assert.Equal(1, await SessionsAsync(owner));
    }

    [Fact]
    public async Task Another_account_s_passkey_logs_in_to_that_account_and_to_no_other()
    {
        var (ada, mallory) = (await app.CreateActorAsync(), await app.CreateActorAsync());
        using var browser = new PasskeyBrowser(app);
        await browser.AddAsync(mallory);
        browser.Authenticator.UserHandle = WebEncoders.Base64UrlEncode(System.Text.Encoding.UTF8.GetBytes($"{ada.AccountId}"));

        Assert.IsType<LogInOutcome.Refused>(await browser.LogInAsync(Visitor()));
    }

    [Fact]
    public async Task An_answer_counts_once_even_of_an_authenticator_that_does_not_count()
    {
        var owner = await app.CreateActorAsync();
        using var browser = new PasskeyBrowser(app);
        await browser.AddAsync(owner);
        var answer = browser.Authenticator.Sign((await browser.AskForAsync(Visitor())).Options!);
        using var thief = new PasskeyBrowser(app);
        foreach (var (name, value) in browser.Cookies)
        {
            thief.Cookies[name] = value;
        }

        Assert.IsType<LogInOutcome.LoggedIn>(await browser.FinishLogInAsync(Visitor(), answer));
        Assert.IsType<LogInOutcome.Refused>(await thief.FinishLogInAsync(Visitor(), answer));
        Assert.Equal(2, await SessionsAsync(owner));
    }

    [Fact]
    public async Task A_question_is_good_for_one_answer_and_for_five_minutes()
    {
        var owner = await app.CreateActorAsync();
        using var browser = new PasskeyBrowser(app);
        await browser.AddAsync(owner);

        var stale = browser.Authenticator.Sign((await browser.AskForAsync(Visitor())).Options!);
        var asked = (await browser.AskForAsync(Visitor())).Options!;
        var cookies = browser.Cookies;
        Assert.IsType<LogInOutcome.Refused>(await browser.FinishLogInAsync(Visitor(), stale));
        cookies.ToList().ForEach(c => browser.Cookies[c.Key] = c.Value);
        Assert.IsType<LogInOutcome.Refused>(await browser.FinishLogInAsync(Visitor(), browser.Authenticator.Sign(asked)));

        var late = browser.Authenticator.Sign((await browser.AskForAsync(Visitor())).Options!);
        app.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        Assert.IsType<LogInOutcome.Refused>(await browser.FinishLogInAsync(Visitor(), late));
        Assert.IsType<LogInOutcome.LoggedIn>(await browser.LogInAsync(Visitor()));
    }

    [Theory]
    [InlineData(7u, 8u, true)]
    [InlineData(7u, 7u, false)]
    [InlineData(7u, 6u, false)]
    [InlineData(7u, 0u, false)]
    [InlineData(0u, 0u, true)]
    public async Task A_counter_that_does_not_go_up_is_a_copy_s(uint first, uint second, bool isGood)
    {
        using var browser = new PasskeyBrowser(app);
        await browser.AddAsync(await app.CreateActorAsync());
        browser.Authenticator.Counter = first;
        Assert.IsType<LogInOutcome.LoggedIn>(await browser.LogInAsync(Visitor()));

        browser.Authenticator.Counter = second;
        Assert.Equal(isGood, await browser.LogInAsync(Visitor()) is LogInOutcome.LoggedIn);
    }

    [Fact]
    public async Task Of_two_log_ins_at_once_with_one_counter_one_is_refused()
    {
        using var browser = new PasskeyBrowser(app);
        await browser.AddAsync(await app.CreateActorAsync());
        browser.Authenticator.Counter = 5;
        var answer = browser.Authenticator.Sign((await browser.AskForAsync(Visitor())).Options!);
        using var copy = new PasskeyBrowser(app);
        var other = browser.Authenticator.Sign((await copy.AskForAsync(Visitor())).Options!);

        var outcomes = await Task.WhenAll(browser.FinishLogInAsync(Visitor(), answer), copy.FinishLogInAsync(Visitor(), other));

        Assert.Single(outcomes.OfType<LogInOutcome.LoggedIn>());
        Assert.Single(outcomes.OfType<LogInOutcome.Refused>());
    }

    [Fact]
    public async Task A_disabled_account_is_told_so_and_stays_out()
    {
        var owner = await app.CreateActorAsync();
        using var browser = new PasskeyBrowser(app);
        await browser.AddAsync(owner);
        await using (var db = await app.Contexts.CreateDbContextAsync(_cancellation))
        {
            (await db.Users.SingleAsync(a => a.Id == owner.AccountId, _cancellation)).DisabledAt = app.Clock.GetUtcNow();
            await db.SaveChangesAsync(_cancellation);
        }

        var visitor = Visitor();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<LogInOutcome.Disabled>(await browser.LogInAsync(visitor));
        var refused = Assert.Single(await app.AuditAsync(), e => e.Address == visitor.Address!.ToString());
        Assert.Equal((AuditActions.AccountLogInRefused, owner.AccountId), (refused.Action, refused.OwnerId));
    }

    [Fact]
    public async Task The_question_is_the_same_for_everybody_and_asks_for_a_verified_person()
    {
        using var browser = new PasskeyBrowser(app);
        await browser.AddAsync(await app.CreateActorAsync());

        var asked = JsonNode.Parse((await browser.AskForAsync(Visitor())).Options!)!;

        Assert.Empty((JsonArray?)asked["allowCredentials"] ?? []);
        Assert.Equal(("keys.example.com", "required"), ((string?)asked["rpId"], (string?)asked["userVerification"]));
    }

    [Fact]
    public async Task Questions_and_tries_are_limited_by_address()
    {
        using var browser = new PasskeyBrowser(app);
        var (asker, guesser) = (Visitor(), Visitor());
        for (var i = 0; i < AddressAllowance.PasskeyQuestion.Burst; i++)
        {
            Assert.NotNull((await browser.AskForAsync(asker)).Options);
        }

        Assert.Equal((null, TimeSpan.FromSeconds(1)), ((await browser.AskForAsync(asker)) is var q ? (q.Options, q.RetryAfter) : default));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < AddressAllowance.Passkey.Burst; i++)
        {
            Assert.IsType<LogInOutcome.Refused>(await browser.FinishLogInAsync(guesser, "{}"));
        }

        Assert.IsType<LogInOutcome.TooMany>(await browser.FinishLogInAsync(guesser, "{}"));
        Assert.Single(await ActionsFromAsync(guesser));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("""{"id":"AA","type":"public-key","response":{}}""")]
    public async Task What_is_no_answer_is_refused(string? text)
    {
        using var browser = new PasskeyBrowser(app);
        var visitor = Visitor();
        await browser.AskForAsync(visitor);

        Assert.IsType<LogInOutcome.Refused>(await browser.FinishLogInAsync(visitor, text));
    }

    private static Actor Visitor() => Actor.Visitor(new IPAddress([10, 7, 0, (byte)Interlocked.Increment(ref _visitors)]));

    private async Task<List<string>> ActionsFromAsync(Actor visitor) =>
        [.. (await app.AuditAsync()).Where(e => e.Address == visitor.Address!.ToString()).Select(e => e.Action)];

    private async Task<int> SessionsAsync(Actor owner)
    {
        await using var db = await app.Contexts.CreateDbContextAsync(_cancellation);
        return await db.Set<LoginSession>().CountAsync(s => s.AccountId == owner.AccountId, _cancellation);
    }
}
