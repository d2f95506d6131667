using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.FirstStart;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts;

public sealed class PasswordsOffTests
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Switched_off_no_password_lets_anybody_in_or_is_set_and_the_first_set_up_still_works()
    {
        await using var app = new NexLlmApp
        {
            Settings =
            {
                ["Accounts:PasswordLogIn"] = "Off",
                ["SingleSignOn:Providers:corp:DisplayName"] = "Corp",
                ["SingleSignOn:Providers:corp:Authority"] = "https://login.example.com",
                ["SingleSignOn:Providers:corp:ClientId"] = "nexllm",
                ["SingleSignOn:Providers:corp:ClientSecret"] = "secret",
            },
        };
        using var browser = new AccountVisitor(app);
        var token = app.Services.GetRequiredService<FirstAdministrator>().IssueToken();
        var made = await browser.SubmitAsync(
            $"/account/setup?token={token}", "set-up", ("Entry.Email", "root@example.com"), ("Entry.Password", AccountVisitor.Password));
        Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
        var root = await app.ActorOfAsync("root@example.com");
        var visitor = Actor.Visitor(null);

        Assert.IsType<LogInOutcome.PasswordsOff>(await Get<LogInService>().LogInAsync(visitor, new LogInRequest("root@example.com", AccountVisitor.Password), _cancellation));
        Assert.IsType<NewAccountOutcome.Closed>(await Get<SignUpService>().SignUpAsync(visitor, new NewAccount("new@example.com", AccountVisitor.Password), _cancellation));
        Assert.IsType<PasswordOutcome.Invalid>(await Get<AccountService>().ChangePasswordAsync(root, AccountVisitor.Password, "eleven purple teapots", _cancellation));
        Assert.IsType<SetPasswordOutcome.Invalid>(await Get<AccountService>().SetPasswordAsync(Actor.Machine, "root@example.com", "eleven purple teapots", _cancellation));
        Assert.Null(await Get<PasswordResets>().IssueAsync(root, root.AccountId!.Value, _cancellation));
        var invited = Assert.IsType<InviteOutcome.Invited>(await Get<InvitationService>().InviteAsync(root, "guest@example.com", 1, _cancellation));
        Assert.Contains(
            "the invitation applies then",
            Assert.IsType<NewAccountOutcome.Invalid>(await Get<InvitationService>().AcceptAsync(visitor, invited.Link.Token, AccountVisitor.Password, null, _cancellation)).PasswordError,
            StringComparison.Ordinal);

        using var stranger = new AccountVisitor(app);
        var page = await stranger.ReadAsync("/account/login");
        Assert.Contains("Continue with Corp", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Entry.Password", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Change password", await browser.ReadAsync("/account"), StringComparison.Ordinal);

        T Get<T>()
            where T : notnull => app.Services.GetRequiredService<T>();
    }
}
