using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Channels;

public sealed class ModelCatalogTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ModelCatalog Catalog => (ModelCatalog)app.Services.GetService(typeof(ModelCatalog))!;

    [Fact]
    public async Task A_model_stands_there_once_with_its_groups_limits_apis_and_health()
    {
        var admin = await app.CreateActorAsync(administrator: true);
        var wide = await MakeAsync(admin, new("catalog-model", "sent-as", 200_000, 8_000), priority: 2);
        var narrow = await MakeAsync(admin, new("catalog-model", null, 100_000, 4_000));
        var cheap = await app.CreateGroupAsync(admin, "cheap", 500_000, wide.Id, narrow.Id);
        var dear = await app.CreateGroupAsync(admin, "dear", 2_000_000, narrow.Id);
        var off = await app.CreateGroupAsync(admin, "off", 1_000_000, narrow.Id);
        await app.Groups.SetEnabledAsync(admin, off.Id, enabled: false, Cancellation);
        await Live(narrow.Id).Circuit.ReportAsync(success: true);
        Live(wide.Id).Circuit.Learn(ChannelStatus.Unreachable, app.Clock.GetUtcNow(), error: "Nobody there.");

        var model = Assert.Single(await Catalog.ListAsync(admin, Cancellation), m => m.Name == "catalog-model");

        Assert.Equal([(cheap.Id, 0.5m, ChannelStatus.Healthy), (dear.Id, 2m, ChannelStatus.Healthy)], model.Groups.Select(g => (g.Id, g.Ratio, g.Health)));
        Assert.Equal((200_000, 4_000, ChannelStatus.Healthy), (model.ContextTokens, model.MaxOutputTokens, model.Health));
        Assert.Contains(UpstreamApi.ChatCompletions, model.Apis);
        Assert.DoesNotContain(UpstreamApi.Messages, model.Apis);
        Assert.Equal([(wide.Id, "sent-as", ChannelStatus.Unreachable), (narrow.Id, "catalog-model", ChannelStatus.Healthy)], model.Channels.Select(c => (c.Id, c.UpstreamModel, c.Health)));
    }

    [Fact]
    public async Task Who_is_no_administrator_sees_models_and_groups_and_no_channels()
    {
        var models = await Catalog.ListAsync(await app.CreateActorAsync(), Cancellation);

        Assert.NotEmpty(models);
        Assert.All(models, m => Assert.Empty(m.Channels));
        var echo = Assert.Single(models, m => m.Name == "nexllm-echo");
        Assert.Equal((ChannelGroup.DefaultName, ChannelStatus.Healthy), (echo.Groups[0].Name, echo.Health));
    }

    private LiveChannel Live(long id) => ((ChannelDirectory)app.Services.GetService(typeof(ChannelDirectory))!).Current.Channels.Single(c => c.Id == id);

    private Task<ChannelDetails> MakeAsync(NexLlm.Dashboard.Access.Actor admin, ModelSettings model, int priority = 0) =>
        app.CreateChannelAsync(admin, s => s with { Models = [model], Priority = priority });
}
