using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.FirstStart;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.Passwords;

public sealed class BreachedPasswordsTests : IAsyncDisposable
{
    /// <summary>Nothing else is wrong with it.</summary>
    private const string Breached = "seven crème umbrellas";
    private const string Rejection = "This password has appeared in a data breach. Choose another one.";

    private readonly TemporaryFolder _folder = new();
    private readonly NexLlmApp _app;

    public BreachedPasswordsTests()
    {
        WriteList(Breached, "another one of them");
        _app = new NexLlmApp { Settings = { ["Accounts:BreachedPasswords"] = List } };
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Actor Visitor => Actor.Visitor(null);

    private string List => _folder.File("hashes.txt");

    [Fact]
    public async Task Nobody_sets_a_listed_password_in_any_way()
    {
        var owner = await _app.SignUpAsync("ada@example.com");
        var ada = new Actor(owner.AccountId, owner.Login!.SessionId, null);
        var root = await _app.CreateActorAsync(administrator: true);
        var invitation = Assert.IsType<InviteOutcome.Invited>(await Get<InvitationService>().InviteAsync(root, "bob@example.com", null, Cancellation));
        var reset = await Get<PasswordResets>().IssueAsync(root, owner.AccountId, Cancellation);

        Assert.Equal(
            [Rejection, Rejection, Rejection, Rejection, Rejection],
            [
                Assert.IsType<NewAccountOutcome.Invalid>(await Get<SignUpService>().SignUpAsync(Visitor, new NewAccount("eve@example.com", Breached, null), Cancellation)).PasswordError,
                Assert.IsType<NewAccountOutcome.Invalid>(await Get<InvitationService>().AcceptAsync(Visitor, invitation.Link.Token, Breached, null, Cancellation)).PasswordError,
                Assert.IsType<PasswordResetOutcome.Invalid>(await Get<PasswordResets>().ResetAsync(Visitor, reset!.Token, Breached, null, Cancellation)).Error,
                Assert.IsType<PasswordOutcome.Invalid>(await Get<AccountService>().ChangePasswordAsync(ada, AccountVisitor.Password, Breached, Cancellation)).NewError,
                Assert.IsType<SetPasswordOutcome.Invalid>(await Get<AccountService>().SetPasswordAsync(Actor.Machine, "ada@example.com", Breached, Cancellation)).Error,
            ]);
        Assert.Equal(
            $"Setup:AdminPassword: {Rejection}",
            new SetupOptionsRules(Get<BreachedPasswords>()).Validate(null, new SetupOptions { AdminEmail = "root@example.com", AdminPassword = Breached }).FailureMessage);
        Assert.IsType<SetPasswordOutcome.Done>(
            await Get<AccountService>().SetPasswordAsync(Actor.Machine, "ada@example.com", Breached + " and more", Cancellation));
    }

    [Fact]
    public void A_listed_password_is_found_however_its_accents_are_typed()
    {
        Assert.Equal(Rejection, Get<BreachedPasswords>().Check("seven cre\u0300me umbrellas", null));

        WriteList("seven cre\u0300me umbrellas");
        Assert.Equal(Rejection, Get<BreachedPasswords>().Check("seven cre\u0300me umbrellas", null));
    }

    [Fact]
    public void Another_list_in_its_place_is_asked_from_then_on()
    {
        Assert.Null(Get<BreachedPasswords>().Check("nine quiet harbours", null));
        WriteList("nine quiet harbours");

        Assert.Equal(Rejection, Get<BreachedPasswords>().Check("nine quiet harbours", null));
        Assert.Null(Get<BreachedPasswords>().Check(Breached, null));
    }

    [Fact]
    public void While_the_list_is_missing_the_rules_still_hold_and_the_log_says_so()
    {
        Assert.Equal(Rejection, Get<BreachedPasswords>().Check(Breached, null));
        File.Delete(List);

        Assert.Null(Get<BreachedPasswords>().Check(Breached, null));
        Assert.NotNull(Get<BreachedPasswords>().Check("passwordpassword", null));
        Assert.Contains(_app.Logs.Lines, l => l.Level is LogLevel.Error && l.Message.Contains(List, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_that_is_none_is_told_at_the_start_once()
    {
        await File.WriteAllTextAsync(_folder.File("words.txt"), "password\n", Cancellation);
        await using var program = ProgramProcess.Start(_folder, settings: new Dictionary<string, string>
        {
            ["Accounts__BreachedPasswords"] = "words.txt",
            ["Setup__AdminEmail"] = "root@example.com",
            ["Setup__AdminPassword"] = Breached,
        });

        var ending = await program.EndAsync();

        Assert.Equal(1, ending.ExitCode);
        Assert.Equal(
            "  - Accounts:BreachedPasswords is “words.txt”. The file isn't a list of SHA-1 hashes (at byte 0). Each line must be 40 hexadecimal digits, with or without a colon and a count.",
            Assert.Single(ending.Errors.Split(Environment.NewLine), line => line.StartsWith("  - ", StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

#pragma warning disable CA5350 // The lists are of SHA-1.
    private void WriteList(params string[] passwords) => File.WriteAllLines(
        List, passwords.Select(p => $"{Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(p)))}:3").Order(StringComparer.Ordinal));
#pragma warning restore CA5350
}
