using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Channels.Administration;

/// <summary>Reads channels and groups as administrators see them. The caller is responsible for access control.</summary>
internal static class ChannelReading
{
    /// <summary>Excludes deleted channels; sorted by name.</summary>
    public static async Task<List<ChannelDetails>> ChannelDetailsAsync(
        this NexLlmDbContext db, ChannelDirectory directory, long? only, CancellationToken cancellation)
    {
        var map = directory.Current;
        var health = map.Channels.ToDictionary(c => c.Id, c => c.Health);
        var channels = await db.LiveChannels().AsNoTracking().Where(c => only == null || c.Id == only)
            .Whole().ToListAsync(cancellation);
        return [.. channels.OrderBy(c => c.Name, StringComparer.OrdinalIgnoreCase).Select(c => new ChannelDetails(
            c.Id, c.Name, c.Type, c.BaseUrl, c.ProtectedApiKey is not null, c.IsEnabled, OriginOf(c), c.Priority, c.Weight,
            [.. c.Apis.OrderBy(a => a.Api).Select(a => new ApiSettings(a.Api, a.BaseUrl))],
            [.. c.Models.OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => new ModelSettings(m.Name, m.UpstreamName, m.ContextTokens, m.MaxOutputTokens, m.Price))],
            [.. c.Groups.OrderBy(g => g.Name, StringComparer.OrdinalIgnoreCase).Select(g => new GroupName(g.Id, g.Name))],
            c.Version,
            health.TryGetValue(c.Id, out var known) ? known : null,
            c.IsEnabled && map.WithoutKey.Contains(c.Id)))];
    }

    /// <summary>Excludes deleted groups; <c>default</c> first, then by name.</summary>
    public static async Task<List<GroupDetails>> GroupDetailsAsync(this NexLlmDbContext db, long? only, CancellationToken cancellation)
    {
        var groups = await db.LiveGroups().AsNoTracking().Where(g => only == null || g.Id == only)
            .Include(g => g.Channels).ThenInclude(c => c.Models).AsSplitQuery().ToListAsync(cancellation);
        return [.. groups.OrderBy(g => !g.IsDefault).ThenBy(g => g.Name, StringComparer.OrdinalIgnoreCase).Select(g => new GroupDetails(
            g.Id, g.Name, g.Description, g.RatioMillionths, g.IsEnabled, g.IsProvisioned ? Provenance.Configuration : Provenance.Dashboard,
            [.. g.Channels.Where(c => c.IsEnabled).SelectMany(c => c.Models).Select(m => m.Name).Distinct().Order(StringComparer.Ordinal)],
            [.. g.Channels.OrderBy(c => c.Name, StringComparer.OrdinalIgnoreCase).Select(c => new GroupMember(c.Id, c.Name, c.IsEnabled, OriginOf(c)))],
            g.Version))];
    }

    public static Provenance OriginOf(Channel channel) =>
        channel.Type is ChannelType.Echo ? Provenance.BuiltIn : channel.IsProvisioned ? Provenance.Configuration : Provenance.Dashboard;
}
