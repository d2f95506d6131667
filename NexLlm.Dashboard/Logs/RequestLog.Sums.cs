using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Logs.Writing;

namespace NexLlm.Dashboard.Logs;

// Aggregates of the log.
public sealed partial class RequestLog
{
    private const int RememberedUses = 1_000;

    /// <summary>Rejections by error code, most frequent first. Counted by quarter-hour, the first of which counts in full.</summary>
    /// <param name="keyId">Limits the count to this key.</param>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<IReadOnlyList<RefusalCount>> RefusalsAsync(
        Actor actor, DateTimeOffset from, DateTimeOffset to, long? keyId = null, CancellationToken cancellation = default)
    {
        var acting = await RequireAsync(actor, cancellation);
        return Refusals(acting.IsAdministrator ? null : acting.Id, from, to, keyId);
    }

    /// <summary>The same for the actor's own keys only, also for administrators.</summary>
    /// <inheritdoc cref="RefusalsAsync"/>
    public async Task<IReadOnlyList<RefusalCount>> OwnRefusalsAsync(Actor actor, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation = default) =>
        Refusals((await RequireAsync(actor, cancellation)).Id, from, to, keyId: null);

    /// <summary>
    /// The IP addresses a key was last used from, most recent first; from its last thousand lines, or as many as can be read in a
    /// short time.
    /// </summary>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<IReadOnlyList<SeenAddress>> LastSeenAsync(Actor actor, long keyId, CancellationToken cancellation = default)
    {
        var acting = await RequireAsync(actor, cancellation);
        using var reader = _engine.OpenLogReader();
        var filter = new LogFilter(AccountId: acting.IsAdministrator ? await OwnerAsync(keyId, cancellation) : acting.Id, KeyId: keyId);
        var scan = new LogScan(reader, filter, from: 0, before: long.MaxValue);
        var search = new LogSearch(reader, _clock, cancellation);
        return [.. (await LowPriorityThread.RunAsync(() => search.Find(scan, RememberedUses)))
            .Where(row => row.Address is not null)
            .Select(row => new SeenAddress(LogNameResolver.Plain(row.Address)!, RequestNumber.At(row.Id)))
            .DistinctBy(seen => seen.Address)];
    }

    /// <summary>Rejections and response times by hour. Also checks whether the actor may query everybody.</summary>
    /// <param name="elapsed">The elapsed part of the hours.</param>
    internal async Task<HourlyLogFigures> HoursAsync(
        Actor actor, bool onlyOwn, IReadOnlyList<DateTimeOffset> starts, DateTimeOffset end, TimeSpan elapsed, CancellationToken cancellation)
    {
        var acting = await RequireAsync(actor, cancellation);
        if (!onlyOwn && !acting.IsAdministrator)
        {
            throw new AccessDeniedException("Only administrators can view the requests of other accounts.");
        }

        var account = onlyOwn ? acting.Id : (long?)null;
        using var reader = _engine.OpenLogReader();
        return await LowPriorityThread.RunAsync(() => HourlyLogFigures.Read(reader, account, starts, end, elapsed));
    }

    private IReadOnlyList<RefusalCount> Refusals(long? accountId, DateTimeOffset from, DateTimeOffset to, long? keyId)
    {
        using var reader = _engine.OpenLogReader();
        var counts = reader.Refusals(LogBatch.QuarterOf(RequestNumber.FirstAt(from)), to.ToUnixTimeMilliseconds(), accountId, keyId);
        return [.. counts.Select(c => new RefusalCount(c.Code, c.Requests))];
    }
}
