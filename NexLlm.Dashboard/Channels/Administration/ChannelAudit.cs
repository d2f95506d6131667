using System.Globalization;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Channels.Administration;

/// <summary>Builds the audit records of channels and groups: names and settings. Of a provider key, only its presence is recorded.</summary>
internal static class ChannelAudit
{
    /// <summary>A channel's audited settings, captured before and after a change.</summary>
    public sealed record ChannelState(
        string? Name, string? Type, string? BaseUrl, string? ProviderKey, string? Apis, int? Priority, int? Weight, string? Models, string? Groups)
    {
        public static ChannelState None { get; } = new(null, null, null, null, null, null, null, null, null);

        /// <param name="isKeyNew">Whether the provider key was replaced, which the settings alone don't show.</param>
        public static ChannelState Of(Channel channel, bool isKeyNew = false) => new(
            channel.Name, channel.Type.ToString(), channel.BaseUrl, channel.ProtectedApiKey is null ? "none" : isKeyNew ? "newly set" : "set",
            List(channel.Apis.Select(InWords)), channel.Priority, channel.Weight,
            List(channel.Models.Select(InWords)), List(channel.Groups.Select(g => g.Name)));
    }

    /// <inheritdoc cref="ChannelState"/>
    public sealed record GroupState(string? Name, string? Description, decimal? Ratio, string? Channels)
    {
        public static GroupState None { get; } = new(null, null, null, null);

        public static GroupState Of(ChannelGroup group) => new(
            group.Name, group.Description, (decimal)group.RatioMillionths / ChannelGroup.RatioOne, List(group.Channels.Select(c => c.Name)));
    }

    public static void Changed(NexLlmDbContext db, Actor actor, DateTimeOffset at, string action, ChannelState before, ChannelState after) =>
        AuditTrail.Record(
            db, actor, at, action, null, null,
            Subject("channel", before.Name ?? after.Name!),
            new("name", before.Name, after.Name),
            new("type", before.Type, after.Type),
            new("baseUrl", before.BaseUrl, after.BaseUrl),
            new("providerKey", before.ProviderKey, after.ProviderKey),
            new("apis", before.Apis, after.Apis),
            new("priority", before.Priority, after.Priority),
            new("weight", before.Weight, after.Weight),
            new("models", before.Models, after.Models),
            new("groups", before.Groups, after.Groups));

    public static void Changed(NexLlmDbContext db, Actor actor, DateTimeOffset at, string action, GroupState before, GroupState after) =>
        AuditTrail.Record(
            db, actor, at, action, null, null,
            Subject("group", before.Name ?? after.Name!),
            new("name", before.Name, after.Name),
            new("description", before.Description, after.Description),
            new("ratio", before.Ratio, after.Ratio),
            new("channels", before.Channels, after.Channels));

    public static void Done(NexLlmDbContext db, Actor actor, DateTimeOffset at, string action, Channel channel) =>
        AuditTrail.Record(db, actor, at, action, null, null, Subject("channel", channel.Name));

    public static void Done(NexLlmDbContext db, Actor actor, DateTimeOffset at, string action, ChannelGroup group) =>
        AuditTrail.Record(db, actor, at, action, null, null, Subject("group", group.Name));

    // An audit event can refer only to a key or an account, so the channel or group is recorded as the first value.
    private static AuditChange Subject(string kind, string name) => new(kind, null, name);

    private static string List(IEnumerable<string> items) => string.Join(", ", items.Order(StringComparer.Ordinal));

    private static string InWords(ChannelApi api) => $"{api.Api}{(api.BaseUrl is { } url ? $" at {url}" : "")}";

    private static string InWords(ChannelModel model) => string.Create(
        CultureInfo.InvariantCulture,
        $"{model.Name}{(model.UpstreamName is { } name ? $" as {name}" : "")}{(model.ContextTokens is { } window ? $" window {window}" : "")}{(model.MaxOutputTokens is { } most ? $" output {most}" : "")}{(model.Price is { } price ? $" price {price.Tokens} per {price.Unit}" : "")}");
}
