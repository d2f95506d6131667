using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Keys;

public sealed class ChannelImpactTests : IAsyncLifetime
{
    private readonly NexLlmApp _app = new();
    private Actor _admin = null!;
    private Actor _ada = null!;
    private ChannelDetails _one = null!;
    private ChannelDetails _two = null!;
    private GroupDetails _group = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ChannelImpact Use => _app.Services.GetRequiredService<ChannelImpact>();

    /// <summary>A group with two channels: a and "both" by the one, b and "both" by the other.</summary>
    public async ValueTask InitializeAsync()
    {
        _admin = await _app.CreateActorAsync(administrator: true);
        _ada = await _app.CreateActorAsync("ada@example.com");
        _one = await _app.CreateChannelAsync(_admin, s => s with { Models = [new("a"), new("both")] });
        _two = await _app.CreateChannelAsync(_admin, s => s with { Models = [new("b"), new("both")] });
        _group = await _app.CreateGroupAsync(_admin, "pair", channels: [_one.Id, _two.Id]);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_channel_that_goes_takes_what_no_other_serves_and_concerns_the_keys_that_name_it()
    {
        await KeyAsync("names-a", ModelRestriction.Only(["a", "b"]));
        await KeyAsync("names-b", ModelRestriction.Only(["b"]));
        await KeyAsync("names-ab", ModelRestriction.Only(["ab", "both"]), served: false);
        await KeyAsync("all", ModelRestriction.All);

        var impact = await Use.ImpactOfAsync(_admin, new PlannedChange.ChannelOff(_one.Id), Cancellation);

        var group = Assert.Single(impact.Groups);
        Assert.Equal(("pair", false, 1), (group.Name, group.Stops, group.Keys.Count));
        Assert.Equal(["a"], group.LostModels);
        Assert.Equal([("names-a", "ada@example.com")], group.First.Select(k => (k.Name, k.OwnerEmail)));
        Assert.Equal(1, group.Unrestricted.Count);
        Assert.Equal(["a"], impact.ModelsOfNobody);
    }

    [Fact]
    public async Task A_channel_that_speaks_another_dialect_moves_its_models_away_from_where_programs_call_them()
    {
        await KeyAsync("names-a", ModelRestriction.Only(["a"]));
        await KeyAsync("names-both", ModelRestriction.Only(["both"]));

        var impact = await Use.ImpactOfAsync(_admin, new PlannedChange.ChannelSaved(_one.Id, ChannelType.Anthropic.DefaultApis(), ["a", "both"], [_group.Id]), Cancellation);

        // "both" is still served by the other channel, where it was.
        var group = Assert.Single(impact.Groups);
        Assert.Equal((false, 1), (group.Stops, group.Keys.Count));
        Assert.Empty(group.LostModels);
        Assert.Equal(["a"], group.MovedModels);
        Assert.Equal(["names-a"], group.First.Select(k => k.Name));
    }

    [Fact]
    public async Task An_api_that_is_disabled_moves_models_and_the_last_one_of_a_model_takes_it_away()
    {
        await KeyAsync("names-a", ModelRestriction.Only(["a"]));
        var left = ChannelType.OpenAI.DefaultApis().Where(api => api is not UpstreamApi.Embeddings).ToList();

        var moved = Assert.Single((await Use.ImpactOfAsync(_admin, new PlannedChange.ChannelSaved(_one.Id, left, ["a", "both"], [_group.Id]), Cancellation)).Groups);
        var lost = Assert.Single((await Use.ImpactOfAsync(_admin, new PlannedChange.ChannelSaved(_one.Id, [], ["a", "both"], [_group.Id]), Cancellation)).Groups);

        Assert.Equal(["a"], moved.MovedModels);
        Assert.Empty(moved.LostModels);
        Assert.Equal(["a"], lost.LostModels);
        Assert.Empty(lost.MovedModels);
        Assert.Equal((1, 1), (moved.Keys.Count, lost.Keys.Count));
    }

    [Fact]
    public async Task A_model_that_another_group_serves_is_not_lost_to_everybody()
    {
        await _app.CreateGroupAsync(_admin, "spare", channels: _one.Id);

        var impact = await Use.ImpactOfAsync(_admin, new PlannedChange.GroupSaved(_group.Id, [_two.Id]), Cancellation);

        Assert.Equal(["a"], Assert.Single(impact.Groups).LostModels);
        Assert.Empty(impact.ModelsOfNobody);
    }

    [Fact]
    public async Task A_group_that_would_serve_nothing_concerns_all_of_its_live_keys()
    {
        for (var i = 0; i < 7; i++)
        {
            await KeyAsync($"key-{i}", i % 2 == 0 ? ModelRestriction.All : ModelRestriction.Only(["b"]));
        }

        var gone = await KeyAsync("gone", ModelRestriction.All);
        await _app.Keys.DeleteAsync(_ada, [gone], Cancellation);

        foreach (var change in (PlannedChange[])[new PlannedChange.GroupOff(_group.Id), new PlannedChange.GroupSaved(_group.Id, [])])
        {
            var group = Assert.Single((await Use.ImpactOfAsync(_admin, change, Cancellation)).Groups);
            Assert.Equal((true, 7), (group.Stops, group.Keys.Count));
            Assert.Equal(["key-0", "key-1", "key-2", "key-3", "key-4"], group.First.Select(k => k.Name));
            Assert.Equal(["a", "b", "both"], group.LostModels);
        }
    }

    [Fact]
    public async Task What_takes_nothing_away_breaks_nothing()
    {
        await KeyAsync("key", ModelRestriction.Only(["a"]));

        Assert.True((await Use.ImpactOfAsync(_admin, new PlannedChange.ChannelSaved(_one.Id, ChannelType.OpenAI.DefaultApis(), ["a", "both", "more"], [_group.Id]), Cancellation)).IsNone);
        Assert.True((await Use.ImpactOfAsync(_admin, new PlannedChange.GroupSaved(_group.Id, [_one.Id, _two.Id]), Cancellation)).IsNone);
        Assert.Equal(["a"], Assert.Single((await Use.ImpactOfAsync(_admin, new PlannedChange.ChannelSaved(_one.Id, ChannelType.OpenAI.DefaultApis(), ["both"], [_group.Id]), Cancellation)).Groups).LostModels);
        Assert.Equal(["a"], Assert.Single((await Use.ImpactOfAsync(_admin, new PlannedChange.ChannelSaved(_one.Id, ChannelType.OpenAI.DefaultApis(), ["a", "both"], []), Cancellation)).Groups).LostModels);
    }

    [Fact]
    public async Task A_key_keeps_naming_a_model_that_is_gone()
    {
        var key = await KeyAsync("names-a", ModelRestriction.Only(["a"]));
        await _app.Channels.DeleteAsync(_admin, _one.Id, Cancellation);

        Assert.Equal(["a"], (await _app.Keys.FindAsync(_ada, key, Cancellation))!.Policy.Models.Models);
    }

    [Fact]
    public async Task A_model_whose_name_needs_escaping_is_found_in_a_restriction()
    {
        const string odd = "modèle \"%_\\ö";
        var channel = await _app.CreateChannelAsync(_admin, s => s with { Models = [new(odd)], GroupIds = [_group.Id] });
        await KeyAsync("odd", ModelRestriction.Only([odd]));

        Assert.Equal(1, Assert.Single((await Use.ImpactOfAsync(_admin, new PlannedChange.ChannelOff(channel.Id), Cancellation)).Groups).Keys.Count);
    }

    [Fact]
    public async Task A_group_goes_only_when_no_key_is_in_it_nor_can_come_back_into_it()
    {
        var key = await KeyAsync("key", ModelRestriction.All);
        var used = Assert.IsType<DeleteGroupOutcome.InUse>(await DeleteAsync()).By;
        Assert.Equal((1, null), (used.Keys.Count, used.RestorableUntil));
        Assert.Equal([("key", "ada@example.com")], used.First.Select(k => (k.Name, k.OwnerEmail)));

        var deleted = _app.Clock.GetUtcNow();
        await _app.Keys.DeleteAsync(_ada, [key], Cancellation);
        used = Assert.IsType<DeleteGroupOutcome.InUse>(await DeleteAsync()).By;
        Assert.Equal((0, deleted.AddHours(24)), (used.Keys.Count, used.RestorableUntil));

        _app.Clock.Advance(TimeSpan.FromHours(24));
        Assert.IsType<DeleteGroupOutcome.Deleted>(await DeleteAsync());
        Assert.IsType<DeleteGroupOutcome.NotFound>(await DeleteAsync());
        Assert.Equal(AuditActions.GroupDeleted, (await _app.AuditAsync()).Last(e => e.ActorId == _admin.AccountId).Action);
        Assert.Equal("pair", (await _app.CreateGroupAsync(_admin, "pair")).Name);
    }

    [Fact]
    public async Task The_default_group_never_goes()
    {
        Assert.IsType<DeleteGroupOutcome.NotFound>(await Use.DeleteGroupAsync(_admin, await _app.DefaultGroupAsync(), Cancellation));
        Assert.NotNull(await _app.Groups.FindAsync(_admin, await _app.DefaultGroupAsync(), Cancellation));
    }

    [Fact]
    public async Task However_a_deletion_and_new_keys_race_no_live_key_is_left_without_its_group()
    {
        for (var round = 0; round < 20; round++)
        {
            var group = await _app.CreateGroupAsync(_admin);
            var making = Enumerable.Range(0, 3).Select(i => Task.Run(() => _app.Keys.CreateAsync(
                _ada, new CreateKey(Guid.NewGuid(), $"race-{round}-{i}", KeyPolicy.Unrestricted(group.Id)), Cancellation))).ToList();
            var deleting = Task.Run(() => Use.DeleteGroupAsync(_admin, group.Id, Cancellation));
            var made = (await Task.WhenAll(making)).Count(outcome => outcome is CreateOutcome.Created);

            Assert.Equal(await deleting is DeleteGroupOutcome.Deleted, made == 0);
        }
    }

    private async Task<long> KeyAsync(string name, ModelRestriction models, bool served = true)
    {
        if (!served)
        {
            // What is not served cannot be named anew: it is served for the moment in which the key is made.
            var passing = await _app.CreateChannelAsync(_admin, s => s with { Models = [.. models.Models.Select(m => new ModelSettings(m))], GroupIds = [_group.Id] });
            var id = await KeyAsync(name, models);
            await _app.Channels.DeleteAsync(_admin, passing.Id, Cancellation);
            return id;
        }

        return (await _app.CreateKeyAsync(_ada, name, policy => policy with { GroupId = _group.Id, Models = models })).Key.Id;
    }

    private Task<DeleteGroupOutcome> DeleteAsync() => Use.DeleteGroupAsync(_admin, _group.Id, Cancellation);
}
