using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.LogIn;

public sealed class GuessingTests
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("owner@example.com")]
    [InlineData("nobody@example.com")]
    public async Task Of_10_000_guesses_from_50_addresses_at_most_100_an_hour_reach_the_password(string email)
    {
        var hasher = new CheapHasher();
        await using var app = CreateApp(hasher);
        await app.SignUpAsync("owner@example.com");
        var logins = app.Services.GetRequiredService<LogInService>();

        for (var hour = 1; hour <= 2; hour++)
        {
            for (var guess = 0; guess < 100; guess++)
            {
                // Each address as often as the limit in front of it lets it; spread over the hour, that is all of them.
                await Task.WhenAll(Enumerable.Range(1, 50).Select(address => logins.LogInAsync(
                    Actor.Visitor(new IPAddress([203, 0, 113, (byte)address])), new LogInRequest(email, $"guess {guess}"), _cancellation)));
                app.Clock.Advance(TimeSpan.FromSeconds(35));
            }

            Assert.InRange(hasher.Checked, 50 * hour, 100 * hour);
            app.Clock.Advance(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public async Task The_owner_gets_in_from_a_browser_that_logged_in_before_while_strangers_guess()
    {
        await using var app = CreateApp(new CheapHasher());
        using var owner = new AccountVisitor(app, new IPAddress([127, 0, 1, 1]));
        await owner.SignUpAsync("owner@example.com");
        await owner.SubmitAsync("/account", "/account/logout");
        await ExhaustAsync(app, "owner@example.com");

        using var stranger = new AccountVisitor(app, new IPAddress([127, 0, 1, 2]));
        var refused = await stranger.LogInAsync("owner@example.com");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);

        Assert.Equal(HttpStatusCode.Redirect, (await owner.LogInAsync("owner@example.com", returnUrl: "/account")).StatusCode);
    }

    [Fact]
    public async Task A_known_browser_has_few_tries_of_its_own_and_nobody_else_s_cookie_gives_any()
    {
        var hasher = new CheapHasher();
        await using var app = CreateApp(hasher);
        var browsers = app.Services.GetRequiredService<KnownBrowsers>();
        var logins = app.Services.GetRequiredService<LogInService>();
        await app.SignUpAsync("owner@example.com");
        await ExhaustAsync(app, "owner@example.com");
        var before = hasher.Checked;

        foreach (var cookie in new[] { browsers.Issue("mallory@example.com"), "forged", "", new string('A', 5000), null })
        {
            Assert.IsType<LogInOutcome.TooMany>(await TryAsync(cookie, "guess"));
        }

        var known = browsers.Issue("OWNER@example.com");
        for (var guess = 0; guess < LogInService.KnownBrowserTries; guess++)
        {
            Assert.IsType<LogInOutcome.Refused>(await TryAsync(known, $"guess {guess}"));
        }

        Assert.IsType<LogInOutcome.TooMany>(await TryAsync(known, AccountVisitor.Password));
        Assert.Equal(before + LogInService.KnownBrowserTries, hasher.Checked);
        app.Clock.Advance(TimeSpan.FromHours(1));
        Assert.IsType<LogInOutcome.LoggedIn>(await TryAsync(known, AccountVisitor.Password));

        Task<LogInOutcome> TryAsync(string? cookie, string password) => logins.LogInAsync(
            Actor.Visitor(new IPAddress([198, 51, 100, 1])), new LogInRequest("owner@example.com", password, cookie), _cancellation);
    }

    [Fact]
    public async Task What_was_tried_is_remembered_over_a_restart_and_forgotten_after_an_hour()
    {
        await using var app = CreateApp(new CheapHasher());
        await ExhaustAsync(app, "owner@example.com");
        var afterRestart = new FailedTries(app.Contexts, app.Clock);
        var subject = FailedTries.ByEmail(" Owner@EXAMPLE.com");

        var refused = await afterRestart.TakeAsync(subject, LogInService.StrangersTries, _cancellation);
        Assert.Null(refused.Id);

        app.Clock.Advance(refused.RetryAfter - TimeSpan.FromMilliseconds(1));
        Assert.Null((await afterRestart.TakeAsync(subject, LogInService.StrangersTries, _cancellation)).Id);
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotNull((await afterRestart.TakeAsync(subject, LogInService.StrangersTries, _cancellation)).Id);
        app.Clock.Advance(TimeSpan.FromHours(1));
        await afterRestart.TakeAsync(subject, LogInService.StrangersTries, _cancellation);
        await using var db = await app.Contexts.CreateDbContextAsync(_cancellation);
        Assert.Equal(1, await db.Set<FailedTry>().CountAsync(_cancellation));
    }

    [Fact]
    public async Task A_known_and_an_unknown_address_get_the_same_answer_in_the_same_time()
    {
        var samples = Scale.Of(40, 200);
        await using var app = new NexLlmApp { PasswordsAreCostly = true };
        using var visitor = new AccountVisitor(app);
        var ratios = new List<double>();
        string? answer = null;
        const int accounts = 5;
        for (var i = 0; i < accounts; i++)
        {
            // Several, so that the tries of none run out.
            await app.SignUpAsync($"known{i}@example.com", AccountVisitor.Password);
        }

        await MeasureAsync("warm@example.com");
        for (var i = 0; i < samples; i++)
        {
            var known = await MeasureAsync($"known{i % accounts}@example.com");
            ratios.Add(known / await MeasureAsync($"other{i % accounts}@example.com"));
        }

        // Of each pair, and of these the middle: what else the machine does at times then makes no difference.
        Assert.InRange(ratios.Order().ElementAt(samples / 2), 0.8, 1.25);

        async Task<double> MeasureAsync(string email)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(10));
            var page = await visitor.PrepareAsync("/account/login", "log-in", ("Entry.Email", email), ("Entry.Password", "wrong umbrella colours"));
            var started = Stopwatch.GetTimestamp();
            var response = await visitor.PostAsync(page.Action, page.Values);
            var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            var text = AccountVisitor.WithoutTokens(await response.Content.ReadAsStringAsync(_cancellation)).Replace(email, "", StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Equal(answer ??= text, text);
            return took;
        }
    }

    private static async Task ExhaustAsync(NexLlmApp app, string email)
    {
        var tries = app.Services.GetRequiredService<FailedTries>();
        for (var i = 0; i < LogInService.StrangersTries; i++)
        {
            await tries.TakeAsync(FailedTries.ByEmail(email), LogInService.StrangersTries, _cancellation);
        }
    }

    private static NexLlmApp CreateApp(CheapHasher hasher) =>
        new() { ConfigureServices = services => services.AddSingleton(new PasswordHashing(hasher)) };

    /// <summary>Counts instead of hashing: how often a password is looked at is the question here.</summary>
    private sealed class CheapHasher : IPasswordHasher<Account>
    {
        private int _checked;

        public int Checked => _checked;

        public string HashPassword(Account user, string password) => password;

        public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref _checked);
            return hashedPassword == providedPassword ? PasswordVerificationResult.Success : PasswordVerificationResult.Failed;
        }
    }
}
