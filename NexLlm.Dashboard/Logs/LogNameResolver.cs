using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Logs;

/// <summary>Resolves the ids of log lines to names, each once. One instance per page or export; includes deleted keys.</summary>
internal sealed class LogNameResolver(IDbContextFactory<NexLlmDbContext> contexts, bool forAdministrator)
{
    private readonly Dictionary<long, Named?> _keys = [];
    private readonly Dictionary<long, Named?> _groups = [];
    private readonly Dictionary<long, Named?> _channels = [];
    private readonly Dictionary<long, Named?> _accounts = [];

    public async Task<IReadOnlyList<LogEntry>> ResolveAsync(IReadOnlyCollection<LogRow> rows, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await LearnAsync(_keys, rows.Select(r => r.KeyId), ids => db.Set<ApiKey>().Where(k => ids.Contains(k.Id)).Select(k => new Named(k.Id, k.Name, k.DeletedAt != null)), cancellation);
        await LearnAsync(_groups, rows.Select(r => r.GroupId), ids => db.Set<ChannelGroup>().Where(g => ids.Contains(g.Id)).Select(g => new Named(g.Id, g.Name, false)), cancellation);
        if (forAdministrator)
        {
            await LearnAsync(_channels, rows.Select(r => r.ChannelId), ids => db.Set<Channel>().Where(c => ids.Contains(c.Id)).Select(c => new Named(c.Id, c.Name, false)), cancellation);
            await LearnAsync(_accounts, rows.Select(r => r.AccountId), ids => db.Users.Where(a => ids.Contains(a.Id)).Select(a => new Named(a.Id, a.Email!, false)), cancellation);
        }

        return [.. rows.Select(Entry)];
    }

    /// <summary>The account's email; null if there is no such account.</summary>
    public async Task<string?> AccountAsync(long id, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Users.Where(a => a.Id == id).Select(a => a.Email).SingleOrDefaultAsync(cancellation);
    }

    private LogEntry Entry(LogRow row) => new(
        row.Id, RequestNumber.At(row.Id), row.RequestId, NameIn(_accounts, row.AccountId)?.Name, row.KeyId, NameIn(_keys, row.KeyId)?.Name, NameIn(_keys, row.KeyId) is not { IsDeleted: false },
        NameIn(_groups, row.GroupId)?.Name, NameIn(_channels, row.ChannelId)?.Name, row.Model, (UpstreamApi?)row.Api, row.Status == 0 ? null : row.Status, row.Code,
        row.InputTokens, row.OutputTokens, row.ChargedTokens, (UsageSource)row.Source,
        row.FirstByteMs is { } first ? TimeSpan.FromMilliseconds(first) : null, TimeSpan.FromMilliseconds(row.DurationMs), Plain(row.Address), row.Requests, row.NeededTokens);

    /// <summary>The address as written in allowlists: a dual-stack server sees IPv4 addresses mapped to IPv6.</summary>
    public static IPAddress? Plain(IPAddress? address) => address switch
    {
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4(),
        { AddressFamily: AddressFamily.InterNetworkV6 } when address.ScopeId != 0 => new IPAddress(address.GetAddressBytes()),
        _ => address,
    };

    private static Named? NameIn(Dictionary<long, Named?> names, long? id) => id is { } known ? names.GetValueOrDefault(known) : null;

    private static async Task LearnAsync(
        Dictionary<long, Named?> names, IEnumerable<long?> ids, Func<List<long>, IQueryable<Named>> find, CancellationToken cancellation)
    {
        var unknown = ids.OfType<long>().Distinct().Where(id => !names.ContainsKey(id)).ToList();
        if (unknown is [])
        {
            return;
        }

        // ElementIds that were not found are not queried again.
        unknown.ForEach(id => names[id] = null);
        foreach (var found in await find(unknown).ToListAsync(cancellation))
        {
            names[found.Id] = found;
        }
    }

    private sealed record Named(long Id, string Name, bool IsDeleted);
}
