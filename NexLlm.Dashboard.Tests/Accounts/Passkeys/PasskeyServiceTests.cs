using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Passkeys;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.Passkeys;

public sealed class PasskeyServiceTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, Action<SoftwareAuthenticator>> _lies = new()
    {
        ["another origin"] = a => a.Origin = "https://evil.example.com",
        ["a frame of another site"] = a => a.IsCrossOrigin = true,
        ["another host's passkey"] = a => a.RpId = "example.com",
        ["nobody verified"] = a => a.VerifiesUser = false,
        ["nobody present"] = a => a.IsUserPresent = false,
    };

    public static TheoryData<string> Lies => [.. _lies.Keys];

    private PasskeyService Service => app.Services.GetRequiredService<PasskeyService>();

    [Fact]
    public async Task Several_passkeys_each_with_a_name_and_the_other_sessions_go_on()
    {
        var (owner, elsewhere) = await TwoSessionsAsync();
        using var laptop = new PasskeyBrowser(app);
        using var phone = new PasskeyBrowser(app);

        Assert.Equal(new PasskeyOutcome.Done("Laptop"), await laptop.AddAsync(owner));
        Assert.Equal(new PasskeyOutcome.Done("Phone"), await phone.AddAsync(owner, "  Phone "));

        Assert.Equal(["Laptop", "Phone"], (await Service.ListAsync(elsewhere, _cancellation)).Select(p => p.Name));
        Assert.All(await Service.ListAsync(owner, _cancellation), p => Assert.Null(p.LastUsedAt));
        Assert.Equal(
            [AuditActions.AccountPasskeyAdded, AuditActions.AccountPasskeyAdded],
            (await app.AuditAsync()).Where(e => e.OwnerId == owner.AccountId).Select(e => e.Action));
    }

    [Fact]
    public async Task The_browser_is_asked_for_a_passkey_that_is_found_by_itself_and_verifies_its_person()
    {
        var owner = await app.CreateActorAsync("asked@example.com");
        using var browser = new PasskeyBrowser(app);
        await browser.AddAsync(owner);

        var asked = JsonNode.Parse((await browser.AskForNewAsync(owner))!)!;

        Assert.Equal("keys.example.com", (string?)asked["rp"]!["id"]);
        Assert.Equal("asked@example.com", (string?)asked["user"]!["name"]);
        Assert.Equal("required", (string?)asked["authenticatorSelection"]!["residentKey"]);
        Assert.Equal("required", (string?)asked["authenticatorSelection"]!["userVerification"]);
        Assert.Single((JsonArray)asked["excludeCredentials"]!);
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_lie_is_refused(string lie)
    {
        var owner = await app.CreateActorAsync();
        using var browser = new PasskeyBrowser(app);
        _lies[lie](browser.Authenticator);

        Assert.IsType<PasskeyOutcome.Refused>(await browser.AddAsync(owner));
        Assert.Empty(await Service.ListAsync(owner, _cancellation));
    }

    [Fact]
    public async Task What_was_made_for_another_account_or_is_another_s_already_is_refused()
    {
        var (ada, mallory) = (await app.CreateActorAsync(), await app.CreateActorAsync());
        using var browser = new PasskeyBrowser(app);
        var made = browser.Authenticator.Create((await browser.AskForNewAsync(mallory))!);
        Assert.IsType<PasskeyOutcome.Refused>(await browser.FinishAddingAsync(ada, made));

        Assert.IsType<PasskeyOutcome.Done>(await browser.AddAsync(ada));
        Assert.IsType<PasskeyOutcome.Refused>(await browser.AddAsync(mallory));
        Assert.Empty(await Service.ListAsync(mallory, _cancellation));
    }

    [Fact]
    public async Task A_question_is_answered_once_and_none_is_not_answered_at_all()
    {
        var owner = await app.CreateActorAsync();
        using var browser = new PasskeyBrowser(app);
        var made = browser.Authenticator.Create((await browser.AskForNewAsync(owner))!);
        var cookies = browser.Cookies;
        Assert.IsType<PasskeyOutcome.Done>(await browser.FinishAddingAsync(owner, made));
        await Service.RemoveAsync(owner, Assert.Single(await Service.ListAsync(owner, _cancellation)).Id, _cancellation);

        Assert.IsType<PasskeyOutcome.Refused>(await browser.FinishAddingAsync(owner, made));
        cookies.ToList().ForEach(c => browser.Cookies[c.Key] = c.Value);
        Assert.IsType<PasskeyOutcome.Refused>(await browser.FinishAddingAsync(owner, made));
        Assert.Empty(await Service.ListAsync(owner, _cancellation));
    }

    [Fact]
    public async Task An_account_has_at_most_twenty()
    {
        var owner = await app.CreateActorAsync();
        using var late = new PasskeyBrowser(app);
        var made = late.Authenticator.Create((await late.AskForNewAsync(owner))!);
        for (var i = 0; i < PasskeyService.MaxPerAccount; i++)
        {
            using var browser = new PasskeyBrowser(app);
            Assert.IsType<PasskeyOutcome.Done>(await browser.AddAsync(owner));
        }

        Assert.Null(await late.RequestAsync(() => Service.BeginAddingAsync(owner, _cancellation)));
        Assert.IsType<PasskeyOutcome.TooMany>(await late.FinishAddingAsync(owner, made));
        Assert.Equal(PasskeyService.MaxPerAccount, (await Service.ListAsync(owner, _cancellation)).Count);
    }

    [Theory]
    [InlineData(null, "Enter a name")]
    [InlineData("   ", "Enter a name")]
    [InlineData("two\nlines", "Remove line breaks")]
    [InlineData("back\u202Ewards", "invisible characters")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123x", "at most 64")]
    public async Task A_name_that_is_none_says_what_to_do(string? name, string says)
    {
        var owner = await app.CreateActorAsync();
        using var browser = new PasskeyBrowser(app);
        await browser.AddAsync(owner);
        var passkey = Assert.Single(await Service.ListAsync(owner, _cancellation));

        var outcome = Assert.IsType<PasskeyOutcome.InvalidName>(await Service.RenameAsync(owner, passkey.Id, name, _cancellation));

        Assert.Contains(says, outcome.Error, StringComparison.Ordinal);
        Assert.Equal("Laptop", Assert.Single(await Service.ListAsync(owner, _cancellation)).Name);
    }

    [Fact]
    public async Task Renaming_changes_the_name_alone_and_is_audited_with_both_names()
    {
        var owner = await app.CreateActorAsync();
        using var browser = new PasskeyBrowser(app);
        await browser.AddAsync(owner);
        var passkey = Assert.Single(await Service.ListAsync(owner, _cancellation));

        Assert.Equal(new PasskeyOutcome.Done("Old laptop"), await Service.RenameAsync(owner, passkey.Id, " Old laptop ", _cancellation));

        Assert.Equal(passkey with { Name = "Old laptop" }, Assert.Single(await Service.ListAsync(owner, _cancellation)));
        var recorded = (await app.AuditAsync()).Last(e => e.OwnerId == owner.AccountId);
        Assert.Equal((AuditActions.AccountPasskeyRenamed, """{"passkey":{"before":"Laptop","after":"Old laptop"}}"""), (recorded.Action, recorded.Changes));
        Assert.IsType<LogInOutcome.LoggedIn>(await browser.LogInAsync(Actor.Visitor(null)));
    }

    [Fact]
    public async Task A_removed_passkey_logs_nobody_in_and_the_other_sessions_have_ended()
    {
        var (owner, elsewhere) = await TwoSessionsAsync();
        using var browser = new PasskeyBrowser(app);
        await browser.AddAsync(owner);
        Assert.IsType<LogInOutcome.LoggedIn>(await browser.LogInAsync(Actor.Visitor(null)));
        var passkey = Assert.Single(await Service.ListAsync(owner, _cancellation));

        Assert.Equal(new PasskeyOutcome.Done("Laptop", EndedLogins: 2), await Service.RemoveAsync(owner, passkey.Id, _cancellation));

        Assert.Empty(await Service.ListAsync(owner, _cancellation));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Service.ListAsync(elsewhere, _cancellation));
        Assert.IsType<LogInOutcome.Refused>(await browser.LogInAsync(Actor.Visitor(null)));
        Assert.IsType<PasskeyOutcome.Unknown>(await Service.RemoveAsync(owner, passkey.Id, _cancellation));
        await using var db = await app.Contexts.CreateDbContextAsync(_cancellation);
        Assert.False(await db.UserTokens.AnyAsync(t => t.UserId == owner.AccountId, _cancellation));
        var recorded = (await app.AuditAsync()).Last(e => e.OwnerId == owner.AccountId);
        Assert.Equal((AuditActions.AccountPasskeyRemoved, """{"passkey":{"before":"Laptop","after":null}}"""), (recorded.Action, recorded.Changes));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("%%%")]
    [InlineData("AAAA")]
    public async Task An_id_that_is_none_is_unknown(string? id)
    {
        var owner = await app.CreateActorAsync();

        Assert.IsType<PasskeyOutcome.Unknown>(await Service.RenameAsync(owner, id, "Laptop", _cancellation));
        Assert.IsType<PasskeyOutcome.Unknown>(await Service.RemoveAsync(owner, id, _cancellation));
    }

    private async Task<(Actor Owner, Actor Elsewhere)> TwoSessionsAsync()
    {
        var owner = await app.CreateActorAsync();
        await using var db = await app.Contexts.CreateDbContextAsync(_cancellation);
        var first = await db.Set<LoginSession>().AsNoTracking().SingleAsync(s => s.Id == owner.SessionId, _cancellation);
        var second = new LoginSession
        {
            Id = Guid.NewGuid(),
            AccountId = first.AccountId,
            CreatedAt = first.CreatedAt,
            LastSeenAt = first.LastSeenAt,
            ExpiresAt = first.ExpiresAt,
            SecurityStamp = first.SecurityStamp,
        };
        db.Add(second);
        await db.SaveChangesAsync(_cancellation);
        return (owner, owner with { SessionId = second.Id });
    }
}
