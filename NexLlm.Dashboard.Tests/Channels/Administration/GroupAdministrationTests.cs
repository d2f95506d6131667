using System.Net;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Channels.Administration;

public sealed class GroupAdministrationTests : IAsyncLifetime
{
    private GatewayApp _app = null!;
    private Actor _admin = null!;
    private ChannelDetails _main = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await GatewayApp.StartAsync(("Provisioning:Groups:0:Name", "declared"));
        _admin = await _app.CreateActorAsync(administrator: true);
        _main = (await _app.Channels.ListAsync(_admin, Cancellation)).Single(c => c.Name == "main");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task The_next_request_is_charged_by_the_new_ratio_to_the_millionth()
    {
        var group = await _app.CreateGroupAsync(_admin, "cheap", 500_000, _main.Id);
        using var caller = await _app.CreateCallerAsync(policy => policy with { GroupId = group.Id });
        _app.Upstream.Answer = FakeUpstream.ChatOf("Hello", prompt: 600_000, completion: 400_000);
        (await caller.ChatAsync()).Dispose();
        await _app.Groups.UpdateAsync(_admin, group.Id, group.Version, group.Settings() with { RatioMillionths = 1_000_001 }, Cancellation);
        (await caller.ChatAsync()).Dispose();

        await GatewayApp.UntilAsync(async () => (await caller.ChargesAsync()).Count(c => c.SettledAt is not null) == 2);
        Assert.Equal([500_000, 1_000_001], (await caller.ChargesAsync()).Select(c => c.ChargedTokens));
        Assert.Equal(1.000001m, (await _app.Groups.FindAsync(_admin, group.Id, Cancellation))!.Ratio);
    }

    [Fact]
    public async Task A_group_that_is_switched_off_refuses_the_next_request_and_is_offered_to_nobody()
    {
        var group = await _app.CreateGroupAsync(_admin, channels: _main.Id);
        using var caller = await _app.CreateCallerAsync(policy => policy with { GroupId = group.Id });
        Assert.Equal(HttpStatusCode.OK, (await caller.ChatAsync()).StatusCode);

        Assert.True(await _app.Groups.SetEnabledAsync(_admin, group.Id, enabled: false, Cancellation));

        Assert.Equal(HttpStatusCode.NotFound, (await caller.ChatAsync()).StatusCode);
        var catalog = (ChannelCatalog)_app.Services.GetService(typeof(ChannelCatalog))!;
        Assert.DoesNotContain(await catalog.ListGroupsAsync(caller.Owner, Cancellation), g => g.Id == group.Id);
    }

    [Fact]
    public async Task Members_decide_what_a_group_serves()
    {
        var group = await _app.CreateGroupAsync(_admin);
        Assert.Empty(group.Models);

        var now = (await _app.Groups.UpdateAsync(_admin, group.Id, group.Version, group.Settings() with { ChannelIds = [_main.Id] }, Cancellation)).Now();

        Assert.Equal([GatewayApp.Model], now.Models);
        Assert.Equal(["main"], now.Channels.Select(c => c.Name));
    }

    [Fact]
    public async Task The_default_group_keeps_its_name_stays_on_and_leaves_its_members_to_the_configuration()
    {
        var standard = (await _app.Groups.ListAsync(_admin, Cancellation))[0];
        Assert.True(standard.IsDefault);

        Assert.False(await _app.Groups.SetEnabledAsync(_admin, standard.Id, enabled: false, Cancellation));
        var without = await _app.Groups.UpdateAsync(_admin, standard.Id, standard.Version, standard.Settings() with { ChannelIds = [] }, Cancellation);
        Assert.Equal(Setting.Channels, Assert.Single(Assert.IsType<SaveOutcome<GroupDetails>.Refused>(without).Errors).Setting);
        var now = (await _app.Groups.UpdateAsync(
            _admin, standard.Id, standard.Version, standard.Settings() with { Name = "other", Description = "For all", RatioMillionths = 2_000_000 }, Cancellation)).Now();

        Assert.Equal(("default", "For all", 2m, true), (now.Name, now.Description, now.Ratio, now.IsEnabled));
    }

    [Fact]
    public async Task A_group_of_the_configuration_is_not_changed()
    {
        var declared = (await _app.Groups.ListAsync(_admin, Cancellation)).Single(g => g.Name == "declared");
        Assert.Equal(Provenance.Configuration, declared.Origin);

        Assert.IsType<SaveOutcome<GroupDetails>.NotFound>(await _app.Groups.UpdateAsync(_admin, declared.Id, declared.Version, declared.Settings(), Cancellation));
        Assert.False(await _app.Groups.SetEnabledAsync(_admin, declared.Id, enabled: false, Cancellation));
    }

    [Fact]
    public async Task Of_two_editors_the_second_is_told()
    {
        var seen = await _app.CreateGroupAsync(_admin);
        await _app.Groups.UpdateAsync(_admin, seen.Id, seen.Version, seen.Settings() with { Description = "first" }, Cancellation);

        var second = await _app.Groups.UpdateAsync(_admin, seen.Id, seen.Version, seen.Settings() with { Description = "second" }, Cancellation);

        Assert.Equal("first", Assert.IsType<SaveOutcome<GroupDetails>.Conflict>(second).Current.Description);
    }

    [Theory]
    [InlineData("Default", null, 1, Setting.Name)]
    [InlineData(" ", null, 1, Setting.Name)]
    [InlineData("fine", "two\nlines", 1, Setting.Description)]
    [InlineData("fine", null, 0, Setting.Ratio)]
    [InlineData("fine", null, 1_000_000_000_001, Setting.Ratio)]
    public async Task A_wrong_setting_is_named(string name, string? description, long ratio, Setting wrong)
    {
        var outcome = await _app.Groups.CreateAsync(_admin, new GroupSettings(name, description, ratio, []), Cancellation);

        Assert.Equal(wrong, Assert.Single(Assert.IsType<SaveOutcome<GroupDetails>.Refused>(outcome).Errors).Setting);
    }

    [Fact]
    public async Task Every_change_is_audited_with_the_groups_name()
    {
        var group = await _app.CreateGroupAsync(_admin, "audited");
        await _app.Groups.UpdateAsync(_admin, group.Id, group.Version, group.Settings() with { RatioMillionths = 800_000 }, Cancellation);
        await _app.Groups.SetEnabledAsync(_admin, group.Id, enabled: false, Cancellation);
        await _app.Groups.SetEnabledAsync(_admin, group.Id, enabled: true, Cancellation);

        var events = (await _app.AuditAsync()).Where(e => e.Changes?.Contains("audited", StringComparison.Ordinal) is true).ToList();
        Assert.Equal([AuditActions.GroupCreated, AuditActions.GroupEdited, AuditActions.GroupDisabled, AuditActions.GroupEnabled], events.Select(e => e.Action));
        Assert.Equal("""{"group":{"before":null,"after":"audited"},"ratio":{"before":1,"after":0.8}}""", events[1].Changes);
    }
}
