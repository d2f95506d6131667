using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Channels.Routing;

public sealed class ChannelMapTests : IAsyncDisposable
{
    private const string ProviderKey = "provider-key-canary-77c1";

    private readonly NexLlmApp _app = new();

    public ChannelMapTests()
    {
        Set("Groups:0:Name", "default");
        Set("Groups:1:Name", "economy");
        Set("Groups:1:Ratio", "0.5");
        Channel(0, "main", "default", "economy");
        Set("Channels:0:Models:0:Name", "small");
        Set("Channels:0:Models:0:UpstreamName", "gpt-4o-mini");
        Set("Channels:0:Models:0:ContextTokens", "128000");
        Set("Channels:0:Models:0:MaxOutputTokens", "16384");
        Channel(1, "spare", "default");
        Set("Channels:1:Priority", "-1");
        Set("Channels:1:Models:0:Name", "small");
        Set("Channels:1:Models:0:ContextTokens", "200000");
        Set("Channels:1:Models:0:MaxOutputTokens", "4096");
        Set("Channels:1:Models:0:Price:Unit", "Request");
        Set("Channels:1:Models:0:Price:Tokens", "70");
        Set("Channels:1:Models:1", "other");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ChannelDirectory Directory => _app.Services.GetRequiredService<ChannelDirectory>();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public void Each_group_leads_to_the_models_of_its_channels_at_its_ratio()
    {
        var (standard, economy) = (Group("default")!, Group("economy")!);

        Assert.Equal(["nexllm-echo", "nexllm-echo-small", "other", "small"], standard.Models.Order());
        Assert.Equal((1_000_000L, 500_000L, "economy"), (standard.RatioMillionths, economy.RatioMillionths, economy.Name));
        Assert.Equal(["small"], economy.Models);
        Assert.Null(economy.Find("other"));
        Assert.Null(standard.Find("Small"));
        Assert.Null(Directory.Current.Group(999));
    }

    [Fact]
    public void A_model_has_its_targets_by_priority_with_the_names_they_know_it_by_and_the_most_cautious_limits()
    {
        var small = Group("default")!.Find("small")!;
        Assert.Equal([("main", "gpt-4o-mini"), ("spare", "small")], small.Targets.Select(t => (t.Channel.Name, t.UpstreamModel)));
        Assert.Equal((200_000, 4_096), (small.ContextTokens, small.MaxOutputTokens));
        Assert.Equal([null, new ModelPrice(PriceUnit.Request, 70)], small.Targets.Select(t => t.Price));

        Assert.Equal((128_000, 16_384), (Group("economy")!.Find("small")!.ContextTokens, Group("economy")!.Find("small")!.MaxOutputTokens));
        Assert.Equal((null, null), (Group("default")!.Find("other")!.ContextTokens, Group("default")!.Find("other")!.MaxOutputTokens));
    }

    [Fact]
    public void A_prompt_is_unbounded_as_soon_as_one_target_has_no_known_window()
    {
        var channels = new TestChannels(TimeProvider.System);
        var routes = TestChannels.Routes(
            (channels.Create("a"), new ChannelModel { Name = "model", ContextTokens = 1_000, MaxOutputTokens = 10 }),
            (channels.Create("b"), new ChannelModel { Name = "model" }));

        Assert.Equal((null, 10), (routes.ContextTokens, routes.MaxOutputTokens));
    }

    [Fact]
    public async Task A_channel_that_is_off_serves_nothing_once_the_map_is_read_anew()
    {
        await ChangeAsync(db => db.Set<Channel>().Where(c => c.Name != "spare").ExecuteUpdateAsync(set => set.SetProperty(c => c.IsEnabled, false), Cancellation));

        Assert.Equal(["other", "small"], Group("default")!.Models.Order());
        Assert.Equal("spare", Assert.Single(Group("default")!.Find("small")!.Targets).Channel.Name);
        Assert.Empty(Group("economy")!.Models);
    }

    [Fact]
    public async Task A_group_that_is_off_has_no_routes()
    {
        var id = Group("economy")!.Id;
        await ChangeAsync(db => db.Set<ChannelGroup>().Where(g => g.Id == id).ExecuteUpdateAsync(set => set.SetProperty(g => g.IsEnabled, false), Cancellation));

        Assert.Null(Directory.Current.Group(id));
    }

    [Fact]
    public async Task Reading_anew_keeps_what_is_known_of_a_channels_health_unless_its_address_changed()
    {
        _ = _app.Services;
        var (main, spare) = (Live("main"), Live("spare"));
        await ChangeAsync(db => db.Set<Channel>().Where(c => c.Name == "main").ExecuteUpdateAsync(set => set
            .SetProperty(c => c.BaseUrl, "http://elsewhere.invalid/v1"), Cancellation));

        Assert.NotSame(main.Circuit, Live("main").Circuit);
        Assert.Same(spare.Circuit, Live("spare").Circuit);
    }

    [Fact]
    public async Task Requests_that_run_while_the_map_is_read_anew_still_count_as_the_channels_load()
    {
        _ = _app.Services;
        var before = Live("spare");
        before.Enter();
        await ChangeAsync(_ => Task.CompletedTask);
        Assert.NotSame(before, Live("spare"));
        Assert.Equal(1, Live("spare").InFlight);

        before.Leave();
        Assert.Equal(0, Live("spare").InFlight);
    }

    [Fact]
    public async Task A_provider_key_that_cannot_be_decrypted_takes_its_channel_out_with_one_error()
    {
        var foreign = new EphemeralDataProtectionProvider().CreateProtector("other").Protect(ProviderKey);
        await ChangeAsync(db => db.Set<Channel>().Where(c => c.Name == "main").ExecuteUpdateAsync(set => set
            .SetProperty(c => c.ProtectedApiKey, foreign), Cancellation));

        Assert.Equal("spare", Assert.Single(Group("default")!.Find("small")!.Targets).Channel.Name);
        var error = Assert.Single(_app.Logs.Lines, line => line.Level == LogLevel.Error);
        Assert.Contains("main", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(foreign, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Provider_keys_are_in_no_log()
    {
        Assert.Contains(ProviderKey, Live("main").Headers(UpstreamApi.ChatCompletions).Single().Value, StringComparison.Ordinal);
        Assert.DoesNotContain(ProviderKey, _app.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(ProviderKey, Group("default")!.Find("small")!.Targets[0].ToString(), StringComparison.Ordinal);
    }

    private void Channel(int index, string name, params string[] groups)
    {
        Set($"Channels:{index}:Name", name);
        Set($"Channels:{index}:Type", "OpenAI");
        Set($"Channels:{index}:BaseUrl", "http://upstream.invalid/v1");
        Set($"Channels:{index}:ApiKey", ProviderKey);
        foreach (var (i, group) in groups.Index())
        {
            Set($"Channels:{index}:Groups:{i}", group);
        }
    }

    private void Set(string name, string value) => _app.Settings[$"Provisioning:{name}"] = value;

    private GroupRoutes? Group(string name)
    {
        using var db = _app.Contexts.CreateDbContext();
        return Directory.Current.Group(db.Set<ChannelGroup>().Single(g => g.Name == name).Id);
    }

    private LiveChannel Live(string name) => Directory.Current.Channels.Single(c => c.Name == name);

    private async Task ChangeAsync(Func<NexLlm.Dashboard.Data.NexLlmDbContext, Task> change)
    {
        await using (var db = await _app.Contexts.CreateDbContextAsync(Cancellation))
        {
            await change(db);
        }

        await Directory.ReloadAsync(Cancellation);
    }
}
