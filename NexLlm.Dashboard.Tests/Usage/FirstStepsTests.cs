using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Backups;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Usage;

public sealed class FirstStepsTests : IAsyncLifetime
{
    private readonly NexLlmApp _app = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FirstSteps Steps => _app.Services.GetRequiredService<FirstSteps>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Each_step_is_done_when_it_is_and_not_before()
    {
        var admin = await _app.CreateActorAsync(administrator: true);
        Assert.Equal(new FirstStepsProgress(false, false, false, false, false, false), await Steps.ReadAsync(admin, Cancellation));

        await _app.CreateChannelAsync(admin);
        Assert.Equal(new FirstStepsProgress(true, false, false, false, false, false), await Steps.ReadAsync(admin, Cancellation));

        var key = await _app.CreateKeyAsync(admin, "first");
        Assert.Equal(new FirstStepsProgress(true, true, false, false, false, false), await Steps.ReadAsync(admin, Cancellation));

        await _app.ImportAsync(TestUsage.Charge(key.Key, _app.Clock.GetUtcNow()));
        Assert.Equal(new FirstStepsProgress(true, true, true, false, false, false), await Steps.ReadAsync(admin, Cancellation));

        var invited = await _app.Services.GetRequiredService<InvitationService>().InviteAsync(admin, "grace@example.com", null, Cancellation);
        Assert.IsType<InviteOutcome.Invited>(invited);
        Assert.Equal(new FirstStepsProgress(true, true, true, true, false, false), await Steps.ReadAsync(admin, Cancellation));

        await _app.Services.GetRequiredService<BackupHistory>().RecordBackupAsync("backup.db");
        var progress = await Steps.ReadAsync(admin, Cancellation);
        Assert.Equal((5, false), (progress.Done, progress.IsOpen));
    }

    [Fact]
    public async Task An_invitation_that_nobody_used_in_time_is_no_person()
    {
        var admin = await _app.CreateActorAsync(administrator: true);
        await _app.Services.GetRequiredService<InvitationService>().InviteAsync(admin, "grace@example.com", null, Cancellation);
        _app.Clock.Advance(InvitationService.LinkLifetime);

        Assert.False((await Steps.ReadAsync(admin, Cancellation)).HasPeople);
    }

    [Fact]
    public async Task Who_dismisses_the_list_does_not_see_it_and_others_do()
    {
        var admin = await _app.CreateActorAsync(administrator: true);
        var other = await _app.CreateActorAsync(administrator: true);

        await Steps.DismissAsync(admin, Cancellation);
        await Steps.DismissAsync(admin, Cancellation);

        Assert.False((await Steps.ReadAsync(admin, Cancellation)).IsOpen);
        Assert.True((await Steps.ReadAsync(other, Cancellation)).IsOpen);
        await Steps.ShowAgainAsync(admin, Cancellation);
        Assert.True((await Steps.ReadAsync(admin, Cancellation)).IsOpen);
    }
}
