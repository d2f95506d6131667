using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Channels;

public sealed class ProvisioningTests
{
    private const string ProviderKey = "provider-key-canary-1f6b";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fresh_database_has_the_default_group_with_the_built_in_models()
    {
        await using var app = new NexLlmApp();
        var group = Assert.Single(await app.Services.GetRequiredService<ChannelCatalog>().ListGroupsAsync(await app.CreateActorAsync(), Cancellation));

        Assert.Equal((ChannelGroup.DefaultName, 1m), (group.Name, group.Ratio));
        Assert.Equal(["nexllm-echo", "nexllm-echo-small"], group.Models);
    }

    [Fact]
    public async Task Groups_and_channels_of_the_configuration_can_be_chosen_and_their_provider_keys_are_stored_encrypted()
    {
        await using var app = Provisioned();
        var groups = await app.Services.GetRequiredService<ChannelCatalog>().ListGroupsAsync(await app.CreateActorAsync(), Cancellation);

        Assert.Equal([("default", 1m), ("economy", 0.5m)], groups.Select(g => (g.Name, g.Ratio)));
        Assert.Equal(["gpt-4o", "nexllm-echo", "nexllm-echo-small", "small"], groups[0].Models);
        Assert.Equal(["gpt-4o", "small"], groups[1].Models);

        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        var channel = await db.Set<Channel>().Include(c => c.Models).SingleAsync(c => c.Name == "main", Cancellation);
        Assert.Equal("gpt-4o-mini", channel.Models.Single(m => m.Name == "small").UpstreamName);
        Assert.DoesNotContain(ProviderKey, channel.ProtectedApiKey, StringComparison.Ordinal);
        Assert.Equal(
            ProviderKey,
            Microsoft.AspNetCore.DataProtection.DataProtectionCommonExtensions.Unprotect(Protector(app), channel.ProtectedApiKey!));
        Assert.DoesNotContain(app.Logs.Lines, line => line.ToString().Contains(ProviderKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_channel_speaks_the_apis_of_its_type_or_those_that_the_configuration_names()
    {
        await using var app = Provisioned();
        app.Settings["Provisioning:Channels:1:Name"] = "plain";
        app.Settings["Provisioning:Channels:1:Type"] = "OpenAI";
        app.Settings["Provisioning:Channels:1:BaseUrl"] = "http://localhost:9000/v1";
        app.Settings["Provisioning:Channels:1:Models:0"] = "m";
        var channels = await app.Channels.ListAsync(await app.CreateActorAsync(administrator: true), Cancellation);

        var (main, plain, echo) = (channels.Single(c => c.Name == "main"), channels.Single(c => c.Name == "plain"), channels.Single(c => c.Name == "echo"));
        Assert.Equal([new(UpstreamApi.ChatCompletions), new(UpstreamApi.Messages, "http://localhost:9000/anthropic/v1")], main.Apis);
        Assert.Equal(ApiSettings.DefaultsOf(ChannelType.OpenAI), plain.Apis);
        Assert.Equal(ApiSettings.DefaultsOf(ChannelType.Echo), echo.Apis);
        Assert.Equal([null, new ModelPrice(PriceUnit.Image, 4_000)], main.Models.Select(m => m.Price));
    }

    [Fact]
    public async Task Starting_again_with_the_same_configuration_changes_nothing()
    {
        await using var app = Provisioned();
        var before = await StateAsync(app);
        await app.Services.GetRequiredService<ChannelProvisioner>().PrepareAsync(Cancellation);

        Assert.Equal(before, await StateAsync(app));
    }

    [Fact]
    public async Task What_the_configuration_no_longer_declares_is_switched_off_and_stays_stored()
    {
        await using var app = Provisioned();
        var actor = await app.CreateActorAsync();
        app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<ProvisioningOptions>>().Value.Channels = [];
        app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<ProvisioningOptions>>().Value.Groups = [];
        await app.Services.GetRequiredService<ChannelProvisioner>().PrepareAsync(Cancellation);

        var group = Assert.Single(await app.Services.GetRequiredService<ChannelCatalog>().ListGroupsAsync(actor, Cancellation));
        Assert.Equal(["nexllm-echo", "nexllm-echo-small"], group.Models);
        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        Assert.False((await db.Set<Channel>().SingleAsync(c => c.Name == "main", Cancellation)).IsEnabled);
        Assert.False((await db.Set<ChannelGroup>().SingleAsync(g => g.Name == "economy", Cancellation)).IsEnabled);
    }

    [Fact]
    public async Task What_the_configuration_no_longer_declares_is_the_administrators_own_and_stays_as_they_make_it()
    {
        await using var app = Provisioned();
        var admin = await app.CreateActorAsync(administrator: true);
        var options = app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<ProvisioningOptions>>().Value;
        (options.Channels, options.Groups) = ([], []);
        await app.Services.GetRequiredService<ChannelProvisioner>().PrepareAsync(Cancellation);
        var main = (await app.Channels.ListAsync(admin, Cancellation)).Single(c => c.Name == "main");
        Assert.Equal((Provenance.Dashboard, false, true), (main.Origin, main.IsEnabled, main.HasProviderKey));

        Assert.True(await app.Channels.SetEnabledAsync(admin, main.Id, enabled: true, Cancellation));
        await app.Services.GetRequiredService<ChannelProvisioner>().PrepareAsync(Cancellation);

        Assert.True((await app.Channels.FindAsync(admin, main.Id, Cancellation))!.IsEnabled);
    }

    [Fact]
    public async Task A_channel_of_the_configuration_stays_in_the_groups_that_administrators_put_it_into()
    {
        await using var app = Provisioned();
        var admin = await app.CreateActorAsync(administrator: true);
        var main = (await app.Channels.ListAsync(admin, Cancellation)).Single(c => c.Name == "main");
        var group = await app.CreateGroupAsync(admin, channels: main.Id);
        await app.Services.GetRequiredService<ChannelProvisioner>().PrepareAsync(Cancellation);

        Assert.Equal(["main"], (await app.Groups.FindAsync(admin, group.Id, Cancellation))!.Channels.Select(c => c.Name));
        Assert.Equal(["default", "economy", group.Name], (await app.Channels.FindAsync(admin, main.Id, Cancellation))!.Groups.Select(g => g.Name));
    }

    [Fact]
    public async Task A_declared_name_that_was_deleted_here_is_made_anew()
    {
        await using var app = Provisioned();
        var admin = await app.CreateActorAsync(administrator: true);
        var options = app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<ProvisioningOptions>>().Value;
        var declared = options.Channels;
        options.Channels = [];
        await app.Services.GetRequiredService<ChannelProvisioner>().PrepareAsync(Cancellation);
        var before = (await app.Channels.ListAsync(admin, Cancellation)).Single(c => c.Name == "main");
        Assert.True(await app.Channels.DeleteAsync(admin, before.Id, Cancellation));
        options.Channels = declared;
        await app.Services.GetRequiredService<ChannelProvisioner>().PrepareAsync(Cancellation);

        var after = (await app.Channels.ListAsync(admin, Cancellation)).Single(c => c.Name == "main");
        Assert.NotEqual(before.Id, after.Id);
        Assert.Equal((Provenance.Configuration, true), (after.Origin, after.IsEnabled));
    }

    [Fact]
    public async Task What_an_administrator_switched_off_stays_off()
    {
        await using var app = new NexLlmApp();
        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        (await db.Set<Channel>().SingleAsync(c => c.Name == ChannelProvisioner.EchoName, Cancellation)).IsEnabled = false;
        await db.SaveChangesAsync(Cancellation);
        await app.Services.GetRequiredService<ChannelProvisioner>().PrepareAsync(Cancellation);

        var group = Assert.Single(await app.Services.GetRequiredService<ChannelCatalog>().ListGroupsAsync(await app.CreateActorAsync(), Cancellation));
        Assert.Empty(group.Models);
    }

    [Theory]
    [InlineData("Provisioning:Groups:0:Name", "", "Provisioning:Groups:0:Name")]
    [InlineData("Provisioning:Groups:0:Ratio", "0", "Provisioning:Groups:0:Ratio")]
    [InlineData("Provisioning:Groups:0:Ratio", "0,5", "Provisioning:Groups:0:Ratio")]
    [InlineData("Provisioning:Groups:0:Ratio", "0.0000001", "Provisioning:Groups:0:Ratio")]
    [InlineData("Provisioning:Groups:0:Raito", "0.5", "Provisioning:Groups:0:Raito")]
    [InlineData("Provisioning:Groups:1:Name", "DEFAULT", "Provisioning:Groups")]
    [InlineData("Provisioning:Chanels:0:Name", "x", "Provisioning:Chanels")]
    [InlineData("Provisioning:Channels:0:Type", "1", "Provisioning:Channels:0:Type")]
    [InlineData("Provisioning:Channels:0:Type", "Echo", "Provisioning:Channels:0:Type")]
    [InlineData("Provisioning:Channels:0:BaseUrl", "localhost:9000", "Provisioning:Channels:0:BaseUrl")]
    [InlineData("Provisioning:Channels:0:BaseUrl", "http://u:p@host/v1", "Provisioning:Channels:0:BaseUrl")]
    [InlineData("Provisioning:Channels:0:Models:0", "", "Provisioning:Channels:0:Models:0")]
    [InlineData("Provisioning:Channels:0:Models:1:Name", "gpt-4o", "Provisioning:Channels:0:Models")]
    [InlineData("Provisioning:Channels:0:Models:1:ContextTokens", "-1", "Provisioning:Channels:0:Models:1:ContextTokens")]
    [InlineData("Provisioning:Channels:0:Apis:0", "Chat", "Provisioning:Channels:0:Apis:0: “Chat” is not an API. Use ChatCompletions, Completions,")]
    [InlineData("Provisioning:Channels:0:Apis:0", "4", "Provisioning:Channels:0:Apis:0")]
    [InlineData("Provisioning:Channels:0:Apis:0", "", "Provisioning:Channels:0:Apis:0")]
    [InlineData("Provisioning:Channels:0:Apis:0:BaseUrl", "http://localhost/v1", "Provisioning:Channels:0:Apis:0:Name")]
    [InlineData("Provisioning:Channels:0:Apis:1:BaseUrl", "localhost:9000", "Provisioning:Channels:0:Apis:1:BaseUrl")]
    [InlineData("Provisioning:Channels:0:Apis:1:Url", "http://localhost/v1", "Provisioning:Channels:0:Apis:1:Url")]
    [InlineData("Provisioning:Channels:0:Apis:2", "messages", "“Messages” is listed twice")]
    [InlineData("Provisioning:Channels:0:Models:1:Price:Tokens", "-1", "Provisioning:Channels:0:Models:1:Price:Tokens")]
    [InlineData("Provisioning:Channels:0:Models:1:Price:Tokens", "1.5", "Provisioning:Channels:0:Models:1:Price:Tokens")]
    [InlineData("Provisioning:Channels:0:Models:1:Price:Unit", "Picture", "Provisioning:Channels:0:Models:1:Price:Unit: “Picture” is not a unit. Use Request, Image, Second, ThousandCharacters.")]
    [InlineData("Provisioning:Channels:0:Models:1:Price:Unit", "1", "Provisioning:Channels:0:Models:1:Price:Unit")]
    [InlineData("Provisioning:Channels:0:Models:2:Price", "100", "Provisioning:Channels:0:Models:2:Price:Unit")]
    [InlineData("Provisioning:Channels:0:Groups:0", "nowhere", "nowhere")]
    [InlineData("Provisioning:Channels:0:Weight", "0", "Provisioning:Channels:0:Weight")]
    [InlineData("Provisioning:Channels:0:Name", "echo", "Provisioning:Channels:0:Name")]
    [InlineData("Provisioning:Channels:0:Name", "ECHO", "Provisioning:Channels:0:Name")]
    [InlineData("Provisioning:Channels:0:ApiKey", "two words", "Provisioning:Channels:0:ApiKey")]
    public void A_wrong_setting_is_named_and_no_provider_key_is_repeated(string setting, string value, string named)
    {
        var settings = new Dictionary<string, string?>(_settings) { [setting] = value };
        var options = new ProvisioningOptions();
        ProvisioningReader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), options);

        Assert.Contains(options.Errors, error => error.Contains(named, StringComparison.Ordinal));
        Assert.DoesNotContain(options.Errors, error => error.Contains(ProviderKey, StringComparison.Ordinal));
    }

    private static readonly Dictionary<string, string?> _settings = new()
    {
        ["Provisioning:Groups:0:Name"] = "default",
        ["Provisioning:Groups:1:Name"] = "economy",
        ["Provisioning:Groups:1:Ratio"] = "0.5",
        ["Provisioning:Channels:0:Name"] = "main",
        ["Provisioning:Channels:0:Type"] = "OpenAI",
        ["Provisioning:Channels:0:BaseUrl"] = "http://localhost:9000/v1",
        ["Provisioning:Channels:0:ApiKey"] = ProviderKey,
        ["Provisioning:Channels:0:Models:0"] = "gpt-4o",
        ["Provisioning:Channels:0:Models:1:Name"] = "small",
        ["Provisioning:Channels:0:Models:1:UpstreamName"] = "gpt-4o-mini",
        ["Provisioning:Channels:0:Models:1:ContextTokens"] = "128000",
        ["Provisioning:Channels:0:Models:1:Price:Unit"] = "image",
        ["Provisioning:Channels:0:Models:1:Price:Tokens"] = "4000",
        ["Provisioning:Channels:0:Apis:0"] = "chatcompletions",
        ["Provisioning:Channels:0:Apis:1:Name"] = "Messages",
        ["Provisioning:Channels:0:Apis:1:BaseUrl"] = "http://localhost:9000/anthropic/v1/",
        ["Provisioning:Channels:0:Groups:0"] = "default",
        ["Provisioning:Channels:0:Groups:1"] = "economy",
    };

    private static NexLlmApp Provisioned()
    {
        var app = new NexLlmApp();
        foreach (var (name, value) in _settings)
        {
            app.Settings[name] = value;
        }

        return app;
    }

    private static Microsoft.AspNetCore.DataProtection.IDataProtector Protector(NexLlmApp app) =>
        app.Services.GetRequiredService<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>().CreateProtector("NexLlm.Channels.ApiKey");

    private static async Task<string> StateAsync(NexLlmApp app)
    {
        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        var channels = await db.Set<Channel>().AsNoTracking().Include(c => c.Apis).Include(c => c.Models).Include(c => c.Groups).OrderBy(c => c.Id).ToListAsync(Cancellation);
        return System.Text.Json.JsonSerializer.Serialize(channels.Select(c => new
        {
            c.Id,
            c.Name,
            c.BaseUrl,
            c.ProtectedApiKey,
            c.IsEnabled,
            Apis = c.Apis.OrderBy(a => a.Api),
            Models = c.Models.OrderBy(m => m.Name),
            Groups = c.Groups.Select(g => new { g.Id, g.Name, g.RatioMillionths }).OrderBy(g => g.Id),
        }));
    }
}
