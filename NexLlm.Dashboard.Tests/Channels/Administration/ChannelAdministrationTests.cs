using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Channels.Administration;

public sealed class ChannelAdministrationTests : IAsyncLifetime
{
    private const string ProviderKey = "provider-key-canary-90ab";

    private GatewayApp _app = null!;
    private Actor _admin = null!;
    private long _default;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await GatewayApp.StartAsync();
        _admin = await _app.CreateActorAsync(administrator: true);
        _default = await _app.DefaultGroupAsync();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_new_channel_gets_the_next_request_with_its_own_provider_key_and_model_name()
    {
        using var caller = await _app.CreateCallerAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await caller.ChatAsync("fresh")).StatusCode);
        await MakeAsync(s => s with { Models = [new("fresh", "fresh-2030-01-01")] });

        using var answer = await caller.ChatAsync("fresh");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var sent = Assert.Single(_app.Upstream.Received);
        Assert.Equal($"Bearer {ProviderKey}", sent.Headers["Authorization"]);
        Assert.Contains("fresh-2030-01-01", sent.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_binds_the_next_request()
    {
        using var caller = await _app.CreateCallerAsync();
        var channel = await MakeAsync();
        Assert.Equal(HttpStatusCode.OK, (await caller.ChatAsync("fresh")).StatusCode);

        await _app.Channels.SetEnabledAsync(_admin, channel.Id, enabled: false, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, (await caller.ChatAsync("fresh")).StatusCode);

        await _app.Channels.SetEnabledAsync(_admin, channel.Id, enabled: true, Cancellation);
        Assert.Equal(HttpStatusCode.OK, (await caller.ChatAsync("fresh")).StatusCode);

        channel = (await _app.Channels.FindAsync(_admin, channel.Id, Cancellation))!;
        await _app.Channels.UpdateAsync(_admin, channel.Id, channel.Version, channel.Settings() with { Models = [new("other")] }, new ProviderKeyChange.Keep(), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, (await caller.ChatAsync("fresh")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await caller.ChatAsync("other")).StatusCode);
        Assert.Equal($"Bearer {ProviderKey}", _app.Upstream.Received.Last().Headers["Authorization"]);

        await _app.Channels.DeleteAsync(_admin, channel.Id, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, (await caller.ChatAsync("other")).StatusCode);
    }

    [Fact]
    public async Task A_provider_key_goes_in_encrypted_and_comes_out_nowhere()
    {
        var channel = await MakeAsync();
        Assert.True(channel.HasProviderKey);
        await _app.Channels.UpdateAsync(_admin, channel.Id, channel.Version, channel.Settings(), new ProviderKeyChange.Set(ProviderKey + "-2"), Cancellation);

        var told = JsonSerializer.Serialize(await _app.Channels.ListAsync(_admin, Cancellation))
            + string.Concat((await _app.AuditAsync()).Select(e => e.Changes))
            + new ProviderKeyChange.Set(ProviderKey)
            + _app.Logs.Text;
        Assert.DoesNotContain(ProviderKey, told, StringComparison.Ordinal);
        Assert.Contains("\"providerKey\":{\"before\":\"set\",\"after\":\"newly set\"}", (await _app.AuditAsync())[^1].Changes, StringComparison.Ordinal);
        await using var db = await _app.Contexts.CreateDbContextAsync(Cancellation);
        var stored = await db.Set<Channel>().SingleAsync(c => c.Id == channel.Id, Cancellation);
        Assert.DoesNotContain(ProviderKey, stored.ProtectedApiKey, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_editors_the_second_is_told_and_overwrites_nothing()
    {
        var seen = await MakeAsync();
        await _app.Channels.UpdateAsync(_admin, seen.Id, seen.Version, seen.Settings() with { Priority = 7 }, new ProviderKeyChange.Keep(), Cancellation);

        var second = await _app.Channels.UpdateAsync(_admin, seen.Id, seen.Version, seen.Settings() with { Weight = 9 }, new ProviderKeyChange.Keep(), Cancellation);

        Assert.Equal(7, Assert.IsType<SaveOutcome<ChannelDetails>.Conflict>(second).Current.Priority);
        var now = (await _app.Channels.FindAsync(_admin, seen.Id, Cancellation))!;
        Assert.Equal((7, 1), (now.Priority, now.Weight));
    }

    [Fact]
    public async Task Who_edits_a_channel_finds_out_that_a_group_took_it_in_meanwhile_and_the_other_way_round()
    {
        var group = await _app.CreateGroupAsync(_admin);
        var channel = await MakeAsync();
        await _app.Groups.UpdateAsync(_admin, group.Id, group.Version, group.Settings() with { ChannelIds = [channel.Id] }, Cancellation);

        Assert.IsType<SaveOutcome<ChannelDetails>.Conflict>(
            await _app.Channels.UpdateAsync(_admin, channel.Id, channel.Version, channel.Settings(), new ProviderKeyChange.Keep(), Cancellation));

        group = (await _app.Groups.FindAsync(_admin, group.Id, Cancellation))!;
        channel = (await _app.Channels.FindAsync(_admin, channel.Id, Cancellation))!;
        await _app.Channels.UpdateAsync(_admin, channel.Id, channel.Version, channel.Settings() with { GroupIds = [_default] }, new ProviderKeyChange.Keep(), Cancellation);
        Assert.IsType<SaveOutcome<GroupDetails>.Conflict>(await _app.Groups.UpdateAsync(_admin, group.Id, group.Version, group.Settings(), Cancellation));
    }

    [Fact]
    public async Task A_stored_provider_key_is_sent_to_no_other_address_neither_by_saving_nor_by_testing()
    {
        await using var elsewhere = await FakeUpstream.StartAsync();
        var channel = await MakeAsync();

        var saved = await _app.Channels.UpdateAsync(
            _admin, channel.Id, channel.Version, channel.Settings() with { BaseUrl = elsewhere.BaseUrl }, new ProviderKeyChange.Keep(), Cancellation);
        var tested = await _app.Channels.TestAsync(_admin, channel.Id, ChannelType.OpenAI, elsewhere.BaseUrl, [], new ProviderKeyChange.Keep(), Cancellation);

        Assert.Equal(Setting.ProviderKey, Assert.Single(Assert.IsType<SaveOutcome<ChannelDetails>.Refused>(saved).Errors).Setting);
        Assert.Contains("another base URL", Assert.IsType<ProbeResult.Failed>(tested).Reason, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Received);

        var retyped = await _app.Channels.UpdateAsync(
            _admin, channel.Id, channel.Version, channel.Settings() with { BaseUrl = elsewhere.BaseUrl }, new ProviderKeyChange.Remove(), Cancellation);
        Assert.False(retyped.Now().HasProviderKey);
    }

    [Fact]
    public async Task A_stored_provider_key_is_sent_to_the_base_urls_of_apis_only_where_it_was_entered_for_them()
    {
        await using var second = await FakeUpstream.StartAsync();
        ApiSettings[] apis = [new(UpstreamApi.ChatCompletions), new(UpstreamApi.Messages, second.BaseUrl)];
        var channel = await MakeAsync();

        var saved = await _app.Channels.UpdateAsync(_admin, channel.Id, channel.Version, channel.Settings() with { Apis = apis }, new ProviderKeyChange.Keep(), Cancellation);
        var tested = await _app.Channels.TestAsync(_admin, channel.Id, ChannelType.OpenAI, channel.BaseUrl!, apis, new ProviderKeyChange.Keep(), Cancellation);

        Assert.Equal(Setting.ProviderKey, Assert.Single(Assert.IsType<SaveOutcome<ChannelDetails>.Refused>(saved).Errors).Setting);
        Assert.Contains("another base URL", Assert.IsType<ProbeResult.Failed>(tested).Reason, StringComparison.Ordinal);
        Assert.Empty(second.Received);
        Assert.Empty(_app.Upstream.Received);

        channel = (await _app.Channels.UpdateAsync(
            _admin, channel.Id, channel.Version, channel.Settings() with { Apis = apis }, new ProviderKeyChange.Set(ProviderKey), Cancellation)).Now();
        await _app.Channels.TestAsync(_admin, channel.Id, ChannelType.OpenAI, channel.BaseUrl!, apis, new ProviderKeyChange.Keep(), Cancellation);
        Assert.All(second.Received, r => Assert.Equal($"Bearer {ProviderKey}", r.Headers["Authorization"]));
        Assert.NotEmpty(second.Received);

        // An address that the key was not entered for any more is another address again.
        channel = (await _app.Channels.UpdateAsync(
            _admin, channel.Id, channel.Version, channel.Settings() with { Apis = [apis[0]] }, new ProviderKeyChange.Keep(), Cancellation)).Now();
        Assert.IsType<SaveOutcome<ChannelDetails>.Refused>(
            await _app.Channels.UpdateAsync(_admin, channel.Id, channel.Version, channel.Settings() with { Apis = apis }, new ProviderKeyChange.Keep(), Cancellation));
    }

    [Fact]
    public async Task One_channel_serves_a_model_by_both_dialects_each_at_its_own_address()
    {
        await using var second = await FakeUpstream.StartAsync();
        second.Answer = FakeUpstream.Json("""{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":1}}""");
        await MakeAsync(s => s with { Apis = [new(UpstreamApi.ChatCompletions), new(UpstreamApi.Messages, second.BaseUrl)] });
        using var caller = await _app.CreateCallerAsync();

        using var chat = await caller.ChatAsync("fresh");
        using var message = await caller.PostAsync("/v1/messages", """{"model":"fresh","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}""");
        using var embedding = await caller.PostAsync("/v1/embeddings", """{"model":"fresh","input":"Hi"}""");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.BadRequest), (chat.StatusCode, message.StatusCode, embedding.StatusCode));
        Assert.Equal("/v1/chat/completions", Assert.Single(_app.Upstream.Received).Path);
        var sent = Assert.Single(second.Received);
        Assert.Equal(("/v1/messages", ProviderKey, $"Bearer {ProviderKey}"), (sent.Path, sent.Headers["x-api-key"], sent.Headers["Authorization"]));
        var error = JsonElement.Parse(await embedding.Content.ReadAsStringAsync(Cancellation)).GetProperty("error");
        Assert.Equal("wrong_endpoint", error.GetProperty("code").GetString());
        Assert.Equal("The model 'fresh' is not available at this URL. Use POST /v1/chat/completions or /v1/messages.", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task What_a_channel_speaks_and_its_models_cost_is_stored_and_audited()
    {
        var channel = await MakeAsync();
        Assert.Equal(ApiSettings.DefaultsOf(ChannelType.OpenAI), channel.Apis);
        ApiSettings[] apis = [new(UpstreamApi.ImageGenerations), new(UpstreamApi.Rerank, "http://10.0.0.7/v1")];
        var now = (await _app.Channels.UpdateAsync(
            _admin, channel.Id, channel.Version,
            channel.Settings() with { Apis = apis, Models = [new("fresh", Price: new ModelPrice(PriceUnit.Image, 1_500))] }, new ProviderKeyChange.Set(ProviderKey), Cancellation)).Now();

        Assert.Equal(apis, now.Apis);
        Assert.Equal(new ModelPrice(PriceUnit.Image, 1_500), Assert.Single(now.Models).Price);
        var audited = JsonElement.Parse((await _app.AuditAsync())[^1].Changes!);
        Assert.Equal("ImageGenerations, Rerank at http://10.0.0.7/v1", audited.GetProperty("apis").GetProperty("after").GetString());
        Assert.Equal(("fresh", "fresh price 1500 per Image"), (audited.GetProperty("models").GetProperty("before").GetString(), audited.GetProperty("models").GetProperty("after").GetString()));

        now = (await _app.Channels.UpdateAsync(
            _admin, now.Id, now.Version, now.Settings() with { Models = [new("fresh")], Apis = [new(UpstreamApi.Rerank, now.BaseUrl)] }, new ProviderKeyChange.Keep(), Cancellation)).Now();
        Assert.Null(Assert.Single(now.Models).Price);
        Assert.Equal([new ApiSettings(UpstreamApi.Rerank)], now.Apis);
    }

    [Fact]
    public async Task A_test_uses_the_stored_key_where_none_is_typed()
    {
        var channel = await MakeAsync();
        _app.Upstream.Answer = FakeUpstream.Json("""{"data":[{"id":"b"},{"id":"a"}]}""");

        var found = Assert.IsType<ProbeResult.Answered>(await _app.Channels.TestAsync(
            _admin, channel.Id, ChannelType.OpenAI, $" {channel.BaseUrl}/ ", [], new ProviderKeyChange.Keep(), Cancellation));

        Assert.Equal(["a", "b"], found.Models);
        var asked = Assert.Single(_app.Upstream.Received, r => r.Method == "GET");
        Assert.Equal(("GET", "/v1/models", $"Bearer {ProviderKey}"), (asked.Method, asked.Path, asked.Headers["Authorization"]));
    }

    [Fact]
    public async Task A_deleted_channel_frees_its_name_forgets_its_key_and_stays_for_the_logs()
    {
        var channel = await MakeAsync();
        Assert.True(await _app.Channels.DeleteAsync(_admin, channel.Id, Cancellation));

        Assert.Null(await _app.Channels.FindAsync(_admin, channel.Id, Cancellation));
        Assert.False(await _app.Channels.SetEnabledAsync(_admin, channel.Id, enabled: true, Cancellation));
        var again = await MakeAsync(s => s with { Name = channel.Name });
        Assert.NotEqual(channel.Id, again.Id);
        await using var db = await _app.Contexts.CreateDbContextAsync(Cancellation);
        var row = await db.Set<Channel>().SingleAsync(c => c.Id == channel.Id, Cancellation);
        Assert.Equal((channel.Name, null, false), (row.Name, row.ProtectedApiKey, row.IsEnabled));
    }

    [Fact]
    public async Task What_configuration_declares_is_not_changed_and_the_built_in_channel_is_only_switched()
    {
        var all = await _app.Channels.ListAsync(_admin, Cancellation);
        var (echo, main) = (all.Single(c => c.Name == "echo"), all.Single(c => c.Name == "main"));
        Assert.Equal((Provenance.BuiltIn, Provenance.Configuration), (echo.Origin, main.Origin));

        var settings = main.Settings() with { Name = "renamed" };
        Assert.IsType<SaveOutcome<ChannelDetails>.NotFound>(await _app.Channels.UpdateAsync(_admin, main.Id, main.Version, settings, new ProviderKeyChange.Keep(), Cancellation));
        Assert.IsType<SaveOutcome<ChannelDetails>.NotFound>(await _app.Channels.UpdateAsync(_admin, echo.Id, echo.Version, settings, new ProviderKeyChange.Keep(), Cancellation));
        Assert.False(await _app.Channels.SetEnabledAsync(_admin, main.Id, enabled: false, Cancellation));
        Assert.False(await _app.Channels.DeleteAsync(_admin, main.Id, Cancellation));
        Assert.False(await _app.Channels.DeleteAsync(_admin, echo.Id, Cancellation));
        Assert.True(await _app.Channels.SetEnabledAsync(_admin, echo.Id, enabled: false, Cancellation));

        var now = await _app.Channels.ListAsync(_admin, Cancellation);
        Assert.Equal([("echo", false), ("main", true)], now.Select(c => (c.Name, c.IsEnabled)));
    }

    [Theory]
    [InlineData(Setting.Name, "")]
    [InlineData(Setting.Name, "MAIN")]
    [InlineData(Setting.Name, "two\nlines")]
    [InlineData(Setting.BaseUrl, "localhost:9000")]
    [InlineData(Setting.BaseUrl, "ftp://host/v1")]
    [InlineData(Setting.BaseUrl, "http://user:word@host/v1")]
    [InlineData(Setting.BaseUrl, "http://host/v1?key=1")]
    [InlineData(Setting.BaseUrl, "http://host/v1?")]
    [InlineData(Setting.BaseUrl, "http://host/v1#")]
    [InlineData(Setting.ProviderKey, "with space")]
    [InlineData(Setting.ProviderKey, "schlüssel")]
    [InlineData(Setting.Models, "")]
    [InlineData(Setting.Models, "m,m")]
    [InlineData(Setting.Models, "-1")]
    [InlineData(Setting.Models, "1000000001")]
    [InlineData(Setting.Apis, "none")]
    [InlineData(Setting.Apis, "twice")]
    [InlineData(Setting.Apis, "localhost:9000")]
    [InlineData(Setting.Groups, "999")]
    [InlineData(Setting.Priority, "1000001")]
    [InlineData(Setting.Priority, "-2147483648")]
    [InlineData(Setting.Weight, "0")]
    [InlineData(Setting.Type, "0")]
    public async Task A_wrong_setting_is_named_and_nothing_is_saved(Setting wrong, string value)
    {
        var settings = new ChannelSettings("fine", ChannelType.OpenAI, "http://10.0.0.7:8000/v1", [new ModelSettings("m")], [_default]);
        var number = int.TryParse(value, out var read) ? read : 0;
        var outcome = await _app.Channels.CreateAsync(_admin, wrong switch
        {
            Setting.Name => settings with { Name = value },
            Setting.BaseUrl => settings with { BaseUrl = value },
            Setting.Models => settings with { Models = [.. value.Split(',').Select(m => new ModelSettings(m, Price: number == 0 ? null : new ModelPrice(PriceUnit.Request, number)))] },
            Setting.Apis => settings with
            {
                Apis = value switch
                {
                    "none" => [],
                    "twice" => [new(UpstreamApi.Messages), new(UpstreamApi.Messages)],
                    _ => [new(UpstreamApi.Messages, value)],
                },
            },
            Setting.Groups => settings with { GroupIds = [number] },
            Setting.Priority => settings with { Priority = number },
            Setting.Weight => settings with { Weight = number },
            Setting.Type => settings with { Type = (ChannelType)number },
            _ => settings,
        }, new ProviderKeyChange.Set(wrong is Setting.ProviderKey ? value : "fine"), Cancellation);

        Assert.All(Assert.IsType<SaveOutcome<ChannelDetails>.Refused>(outcome).Errors, error => Assert.Equal(wrong, error.Setting));
        Assert.Equal(2, (await _app.Channels.ListAsync(_admin, Cancellation)).Count);
    }

    [Fact]
    public async Task How_a_channel_does_is_told_as_it_does_it()
    {
        using var caller = await _app.CreateCallerAsync();
        var main = (await _app.Channels.ListAsync(_admin, Cancellation)).Single(c => c.Name == "main");
        (await caller.ChatAsync()).Dispose();
        _app.Upstream.Answer = FakeUpstream.Json("{}", 500);
        for (var i = 0; i < 4; i++)
        {
            (await caller.ChatAsync()).Dispose();
        }

        var health = (await _app.Channels.HealthAsync(_admin, Cancellation))[main.Id];
        Assert.Equal((5, 4, 0.8), (health.Calls, health.Failures, health.ErrorRate));
        Assert.Equal(CircuitPhase.Open, health.Phase);
        Assert.Equal(_app.Clock.GetUtcNow() + TimeSpan.FromSeconds(15), health.RestsUntil);
    }

    [Fact]
    public async Task A_channel_whose_key_cannot_be_read_any_more_says_so()
    {
        var channel = await MakeAsync();
        await using (var db = await _app.Contexts.CreateDbContextAsync(Cancellation))
        {
            (await db.Set<Channel>().SingleAsync(c => c.Id == channel.Id, Cancellation)).ProtectedApiKey = "from another key ring";
            await db.SaveChangesAsync(Cancellation);
        }

        await _app.Services.GetRequiredService<ChannelActivation>().FollowAsync();

        Assert.True((await _app.Channels.FindAsync(_admin, channel.Id, Cancellation))!.IsKeyLost);
        Assert.Contains("Enter the key again.", Assert.IsType<ProbeResult.Failed>(await _app.Channels.TestAsync(
            _admin, channel.Id, ChannelType.OpenAI, channel.BaseUrl!, [], new ProviderKeyChange.Keep(), Cancellation)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_change_is_audited_with_the_channels_name()
    {
        var channel = await MakeAsync(s => s with { Name = "audited" });
        await _app.Channels.UpdateAsync(_admin, channel.Id, channel.Version, channel.Settings() with { Priority = 3 }, new ProviderKeyChange.Keep(), Cancellation);
        await _app.Channels.SetEnabledAsync(_admin, channel.Id, enabled: false, Cancellation);
        await _app.Channels.SetEnabledAsync(_admin, channel.Id, enabled: true, Cancellation);
        await _app.Channels.DeleteAsync(_admin, channel.Id, Cancellation);

        var events = (await _app.AuditAsync()).Where(e => e.Changes?.Contains("audited", StringComparison.Ordinal) is true).ToList();
        Assert.Equal(
            [AuditActions.ChannelCreated, AuditActions.ChannelEdited, AuditActions.ChannelDisabled, AuditActions.ChannelEnabled, AuditActions.ChannelDeleted],
            events.Select(e => e.Action));
        Assert.All(events, e => Assert.Equal(_admin.AccountId, e.ActorId));
        Assert.Equal("""{"channel":{"before":null,"after":"audited"},"priority":{"before":0,"after":3}}""", events[1].Changes);
    }

    /// <summary>In the default group, leading to the upstream, serving "fresh".</summary>
    private Task<ChannelDetails> MakeAsync(Func<ChannelSettings, ChannelSettings>? change = null) => _app.CreateChannelAsync(_admin, settings =>
    {
        settings = settings with { BaseUrl = _app.Upstream.BaseUrl, GroupIds = [_default], Models = [new("fresh")] };
        return change?.Invoke(settings) ?? settings;
    }, ProviderKey);
}
