using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Presets;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Channels.Presets;

public sealed class ProviderPresetTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Ids => [.. ProviderPresets.All.Select(p => p.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_channel_filled_in_from_a_preset_passes_every_check(string id)
    {
        var preset = ProviderPresets.Find(id)!;
        var outcome = await app.Channels.CreateAsync(
            await app.CreateActorAsync(administrator: true), Settings(preset, preset.BaseUrl?.Replace(preset.Placeholder ?? "{}", "mine", StringComparison.Ordinal)),
            preset.Key is ProviderKeyNeed.Required ? new ProviderKeyChange.Set("provider-key") : new ProviderKeyChange.Remove(), Cancellation);

        Assert.IsType<SaveOutcome<ChannelDetails>.Saved>(outcome);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task An_address_that_the_person_has_to_complete_is_refused_as_it_is(string id)
    {
        var preset = ProviderPresets.Find(id)!;
        if (preset is { BaseUrl: not null, Placeholder: null })
        {
            Assert.DoesNotContain('{', preset.BaseUrl);
            return;
        }

        var outcome = await app.Channels.CreateAsync(
            await app.CreateActorAsync(administrator: true), Settings(preset, preset.BaseUrl ?? "") with { Name = $"{Guid.NewGuid()}" }, new ProviderKeyChange.Remove(), Cancellation);

        Assert.Equal(Setting.BaseUrl, Assert.Single(Assert.IsType<SaveOutcome<ChannelDetails>.Refused>(outcome).Errors).Setting);
    }

    [Fact]
    public void Ids_names_and_models_are_told_apart_and_keys_have_an_address_over_https()
    {
        Assert.Equal(ProviderPresets.All.Count, ProviderPresets.All.Select(p => p.Id).Distinct().Count());
        Assert.Equal(ProviderPresets.All.Count, ProviderPresets.All.Select(p => p.Name).Distinct().Count());
        Assert.All(ProviderPresets.All, p => Assert.Equal(p.Models.Count, p.Models.Distinct().Count()));
        Assert.All(ProviderPresets.All.Where(p => p.Key is ProviderKeyNeed.Required), p => Assert.StartsWith("https://", p.KeysUrl, StringComparison.Ordinal));
        Assert.Null(ProviderPresets.Find("no such provider"));
    }

    private static ChannelSettings Settings(ProviderPreset preset, string? baseUrl) => new(
        preset.Name, preset.Type, baseUrl ?? "https://api.example.com/v1",
        [.. preset.Models.DefaultIfEmpty("m").Select(m => new ModelSettings(m))], [], Apis: preset.Apis);
}

public sealed class LoadModelsTests : IAsyncLifetime
{
    private GatewayApp _app = null!;
    private Actor _admin = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await GatewayApp.StartAsync();
        _app.Upstream.Answer = FakeUpstream.Json("""{"data":[{"id":"b"},{"id":"a"}]}""");
        _admin = await _app.CreateActorAsync(administrator: true);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_provider_that_is_not_saved_yet_is_asked_once_for_its_models()
    {
        var found = await _app.Channels.LoadModelsAsync(_admin, null, ChannelType.OpenAI, _app.Upstream.BaseUrl, new ProviderKeyChange.Set("typed-key"), Cancellation);

        Assert.Equal(["a", "b"], Assert.IsType<ProbeResult.Answered>(found).Models);
        var asked = Assert.Single(_app.Upstream.Received);
        Assert.Equal(("GET", "/v1/models", "Bearer typed-key"), (asked.Method, asked.Path, asked.Headers["Authorization"]));
    }

    [Fact]
    public async Task A_stored_key_is_used_for_its_own_address_and_sent_to_no_other()
    {
        var channel = await _app.CreateChannelAsync(_admin, s => s with { BaseUrl = _app.Upstream.BaseUrl }, "stored-key");
        await _app.Channels.LoadModelsAsync(_admin, channel.Id, channel.Type, channel.BaseUrl!, new ProviderKeyChange.Keep(), Cancellation);
        Assert.Equal("Bearer stored-key", Assert.Single(_app.Upstream.Received).Headers["Authorization"]);

        await using var other = await FakeUpstream.StartAsync();
        var found = await _app.Channels.LoadModelsAsync(_admin, channel.Id, channel.Type, other.BaseUrl, new ProviderKeyChange.Keep(), Cancellation);

        Assert.Equal(ProbeFault.NotAsked, Assert.IsType<ProbeResult.Failed>(found).Fault);
        Assert.Empty(other.Received);
    }
}
