using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;

namespace NexLlm.Dashboard.Tests.TestKit;

public static class TestAdministration
{
    extension(NexLlmApp app)
    {
        public ChannelAdministration Channels => app.Services.GetRequiredService<ChannelAdministration>();

        public GroupAdministration Groups => app.Services.GetRequiredService<GroupAdministration>();

        /// <summary>Creates a channel through the service and expects that nothing is wrong with it.</summary>
        /// <param name="actor">An administrator.</param>
        /// <param name="change">What it shall be instead: named uniquely, in no group, serving the model m, leading nowhere.</param>
        public async Task<ChannelDetails> CreateChannelAsync(
            Actor actor, Func<ChannelSettings, ChannelSettings>? change = null, string? providerKey = null)
        {
            var settings = new ChannelSettings($"channel-{Guid.NewGuid():N}", ChannelType.OpenAI, "http://upstream.invalid/v1", [new ModelSettings("m")], []);
            return (await app.Channels.CreateAsync(
                actor, change?.Invoke(settings) ?? settings, providerKey is null ? new ProviderKeyChange.Remove() : new ProviderKeyChange.Set(providerKey))).Now();
        }

        /// <summary>Creates a group through the service and expects that nothing is wrong with it.</summary>
        public async Task<GroupDetails> CreateGroupAsync(Actor actor, string? name = null, long ratioMillionths = ChannelGroup.RatioOne, params long[] channels) =>
            (await app.Groups.CreateAsync(actor, new GroupSettings(name ?? $"group-{Guid.NewGuid():N}", null, ratioMillionths, channels))).Now();
    }

    /// <summary>What was saved.</summary>
    public static T Now<T>(this SaveOutcome<T> outcome) =>
        outcome is SaveOutcome<T>.Saved(var saved) ? saved : throw new InvalidOperationException($"Not saved: {outcome}");

    /// <summary>What it is, to be saved again with a change.</summary>
    public static ChannelSettings Settings(this ChannelDetails channel) => new(
        channel.Name, channel.Type, channel.BaseUrl!, channel.Models, [.. channel.Groups.Select(g => g.Id)], channel.Priority, channel.Weight, channel.Apis);

    /// <inheritdoc cref="Settings(ChannelDetails)"/>
    public static GroupSettings Settings(this GroupDetails group) => new(group.Name, group.Description, group.RatioMillionths, [.. group.Channels.Select(c => c.Id)]);
}
