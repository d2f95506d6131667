using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>Channels and routes without a database.</summary>
internal sealed class TestChannels(TimeProvider clock, RoutingOptions? options = null, ILoggerFactory? logs = null)
{
    private readonly CircuitFactory _circuits = new(
        Options.Create(options ?? new RoutingOptions()), new ChannelHealthChanges(), clock, (logs ?? NullLoggerFactory.Instance).CreateLogger<ChannelCircuit>());

    private long _lastId;

    public LiveChannel Create(
        string name, int priority = 0, int weight = 1, ChannelType type = ChannelType.OpenAI, string? baseUrl = "http://upstream.invalid/v1", string? providerKey = null,
        params ApiSettings[] apis)
    {
        var stored = new Channel { Id = ++_lastId, Name = name, Type = type, BaseUrl = baseUrl, Priority = priority, Weight = weight };
        stored.Speak(apis is [] ? ApiSettings.DefaultsOf(type) : apis);
        return new LiveChannel(stored, providerKey, _circuits.Create(name));
    }

    public static ModelRoutes Routes(params LiveChannel[] channels) =>
        Routes([.. channels.Select(c => (c, new ChannelModel { Name = "model" }))]);

    public static ModelRoutes Routes(params (LiveChannel Channel, ChannelModel Model)[] served) => new("model", served);

    public static RouteTarget Target(LiveChannel channel) => new(channel, "model");
}
