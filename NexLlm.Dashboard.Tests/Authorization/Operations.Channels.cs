using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Tests.Authorization;

// Those on channels and groups.
public static partial class Operations
{
    private static IEnumerable<Operation> ChannelsAndGroups()
    {
        var settings = new ChannelSettings("of the matrix", ChannelType.OpenAI, "http://127.0.0.1:9/v1", [new("m")], []);
        yield return ForAdministrators("ChannelAdministration.ListAsync", async (scene, actor) =>
            Any((await scene.Service<ChannelAdministration>().ListAsync(actor)).Any(c => c.Name == scene.Channel.Name)));
        yield return ForAdministrators("ChannelAdministration.FindAsync", async (scene, actor) =>
            Any(await scene.Service<ChannelAdministration>().FindAsync(actor, scene.Channel.Id) is not null));
        yield return ForAdministrators("ChannelAdministration.HealthAsync", async (scene, actor) =>
            Any((await scene.Service<ChannelAdministration>().HealthAsync(actor)).ContainsKey(scene.Channel.Id)));
        yield return ForAdministrators("ChannelAdministration.CreateAsync", async (scene, actor) =>
            Any(await scene.Service<ChannelAdministration>().CreateAsync(actor, settings with { Name = $"{Guid.NewGuid()}" }, new ProviderKeyChange.Remove())
                is SaveOutcome<ChannelDetails>.Saved));
        yield return ForAdministrators("ChannelAdministration.UpdateAsync", async (scene, actor) =>
            Any(await scene.Service<ChannelAdministration>().UpdateAsync(
                actor, scene.Channel.Id, scene.Channel.Version, settings with { Name = $"{Guid.NewGuid()}" }, new ProviderKeyChange.Keep()) is SaveOutcome<ChannelDetails>.Saved));
        yield return ForAdministrators("ChannelAdministration.SetEnabledAsync", async (scene, actor) =>
            Any(await scene.Service<ChannelAdministration>().SetEnabledAsync(actor, scene.Channel.Id, enabled: false)));
        yield return ForAdministrators("ChannelAdministration.DeleteAsync", async (scene, actor) =>
            Any(await scene.Service<ChannelAdministration>().DeleteAsync(actor, scene.Channel.Id)));
        yield return ForAdministrators("ChannelAdministration.TestAsync", async (scene, actor) =>
            Any(await scene.Service<ChannelAdministration>().TestAsync(actor, null, ChannelType.OpenAI, "nowhere", [], new ProviderKeyChange.Keep()) is ProbeResult.Failed));
        yield return ForAdministrators("ChannelAdministration.LoadModelsAsync", async (scene, actor) =>
            Any(await scene.Service<ChannelAdministration>().LoadModelsAsync(actor, null, ChannelType.OpenAI, "nowhere", new ProviderKeyChange.Keep()) is ProbeResult.Failed));
        yield return ForAdministrators("GroupAdministration.ListAsync", async (scene, actor) =>
            Any((await scene.Service<GroupAdministration>().ListAsync(actor)).Any(g => g.Id == scene.Group.Id)));
        yield return ForAdministrators("GroupAdministration.FindAsync", async (scene, actor) =>
            Any(await scene.Service<GroupAdministration>().FindAsync(actor, scene.Group.Id) is not null));
        yield return ForAdministrators("GroupAdministration.CreateAsync", async (scene, actor) =>
            Any(await scene.Service<GroupAdministration>().CreateAsync(actor, new($"{Guid.NewGuid()}", null, 1, [])) is SaveOutcome<GroupDetails>.Saved));
        yield return ForAdministrators("GroupAdministration.UpdateAsync", async (scene, actor) =>
            Any(await scene.Service<GroupAdministration>().UpdateAsync(actor, scene.Group.Id, scene.Group.Version, new($"{Guid.NewGuid()}", null, 1, [])) is SaveOutcome<GroupDetails>.Saved));
        yield return ForAdministrators("GroupAdministration.SetEnabledAsync", async (scene, actor) =>
            Any(await scene.Service<GroupAdministration>().SetEnabledAsync(actor, scene.Group.Id, enabled: false)));
        yield return ForAdministrators("ChannelImpact.ImpactOfAsync", async (scene, actor) =>
            Any((await scene.Service<ChannelImpact>().ImpactOfAsync(actor, new PlannedChange.GroupOff(scene.GroupId))).Groups is not []));
        yield return ForAdministrators("ChannelImpact.CountByGroupAsync", async (scene, actor) =>
            Any((await scene.Service<ChannelImpact>().CountByGroupAsync(actor))[scene.GroupId].Count > 0));
        yield return ForAdministrators("ChannelImpact.OfGroupAsync", async (scene, actor) =>
            Any(await scene.Service<ChannelImpact>().OfGroupAsync(actor, scene.GroupId) is { Keys.Count: > 0 }));
        yield return ForAdministrators("ChannelImpact.DeleteGroupAsync", async (scene, actor) =>
            Any(await scene.Service<ChannelImpact>().DeleteGroupAsync(actor, scene.Group.Id) is DeleteGroupOutcome.Deleted));
    }
}
