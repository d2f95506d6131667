using System.Globalization;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Overview;

/// <summary>The severity of a status item, worst first.</summary>
public enum StatusSeverity
{
    Critical,
    NeedsAttention,
    Ok,
}

/// <summary>One sentence about a state, with a link to details or an action.</summary>
/// <param name="Url">Null if there is no page for it.</param>
public sealed record StatusItem(StatusSeverity Severity, string Sentence, string? Link = null, string? Url = null)
{
    /// <summary>The age from which a backup deserves a reminder.</summary>
    private static readonly TimeSpan _oldBackup = TimeSpan.FromDays(7);

    /// <summary>The share from which quota bars are red.</summary>
    private const double MuchUsed = 0.9;

    /// <summary>The same period as for expiring keys.</summary>
    private static readonly TimeSpan _soon = TimeSpan.FromDays(7);

    public static IReadOnlyList<StatusItem> Of(OverviewFacts facts, UserClock clock)
    {
        var items = new List<StatusItem> { Account(facts, clock) };
        items.AddRange(Keys(facts));
        items.AddRange(RunningOut(facts, clock));
        items.Add(Refusals(facts));
        if (facts.System is { } system)
        {
            items.AddRange(Channels(system));
            items.Add(system.CanRecord
                ? new(StatusSeverity.Ok, "Usage is being recorded.")
                : new(StatusSeverity.Critical, "The database is read-only, so all requests are rejected. Check disk space and the server log."));
            items.Add(Backup(system.LastBackup, clock));
        }

        return [.. items.OrderBy(item => item.Severity)];
    }

    private static StatusItem Account(OverviewFacts facts, UserClock clock)
    {
        var quota = new TokenQuota(facts.Account.TokenLimit, facts.Account.UsedTokens);
        var end = facts.RunningOut.FirstOrDefault(facts.IsOwnAccount)?.Runway.RunsOutAt;
        var pace = end is { } at ? $" and runs out {UserClock.InSentence(clock.Brief(at))} at the current rate" : "";
        return quota switch
        {
            { Limit: null } => new(StatusSeverity.Ok, "Your account has an unlimited quota."),
            { Limit: 0 } => new(StatusSeverity.Critical, AccountWords.Lacking(facts.Account)!),
            { IsExhausted: true } => new(StatusSeverity.Critical, AccountWords.Lacking(facts.Account)!, "View account", PageUrls.Account),
            _ => new(
                quota.UsedFraction >= MuchUsed || end - clock.Now <= _soon ? StatusSeverity.NeedsAttention : StatusSeverity.Ok,
                $"Your account has {TokenQuota.InWords(quota.Remaining!.Value)} left{pace}.", "View account", PageUrls.Account),
        };
    }

    private static IEnumerable<StatusItem> RunningOut(OverviewFacts facts, UserClock clock)
    {
        var soon = facts.RunningOut.Count(r => !facts.IsOwnAccount(r) && r.Runway.RunsOutAt - clock.Now <= _soon);
        if (soon > 0)
        {
            yield return new(StatusSeverity.NeedsAttention, $"{Count(soon, "quota will run out within 7 days at the current rate", "quotas will run out within 7 days at the current rate")}.", "View", PageUrls.Overview + "#out");
        }
    }

    private static IEnumerable<StatusItem> Keys(OverviewFacts facts)
    {
        var keys = facts.Keys;
        if (keys[KeyFilter.All] == 0)
        {
            // Administrators don't need any keys. For everyone else the page itself explains how to start.
            if (facts.System is not null)
            {
                yield return new(StatusSeverity.Ok, "You don't have any API keys yet.", "Create API Key", PageUrls.NewKey());
            }

            yield break;
        }

        yield return new(StatusSeverity.Ok, $"{Count(keys[KeyFilter.Active], "key is active", "keys are active")}.", "View keys", PageUrls.Keys());
        foreach (var (filter, severity, one, many) in new[]
        {
            (KeyFilter.QuotaExhausted, StatusSeverity.NeedsAttention, "key is out of quota", "keys are out of quota"),
            (KeyFilter.ExpiresSoon, StatusSeverity.NeedsAttention, "key expires within 7 days", "keys expire within 7 days"),
            // The key expired as configured. Clients that still use it appear among the rejections.
            (KeyFilter.Expired, StatusSeverity.Ok, "key has expired", "keys have expired"),
        })
        {
            if (keys[filter] > 0)
            {
                yield return new(severity, $"{Count(keys[filter], one, many)}.", "View keys", PageUrls.Keys(KeyListAddress.Default.Showing(filter)));
            }
        }
    }

    private static StatusItem Refusals(OverviewFacts facts)
    {
        var refused = facts.Refusals.Sum(r => r.Requests);
        return refused == 0
            ? new(StatusSeverity.Ok, "No rejected requests in the last 24 hours.")
            : new(StatusSeverity.NeedsAttention, $"{Count(refused, "request was rejected", "requests were rejected")} in the last 24 hours.", "View logs", PageUrls.Logs(LogAddress.Default with { Status = LogAddress.Failed }));
    }

    private static IEnumerable<StatusItem> Channels(SystemFacts system)
    {
        var on = system.Channels.Where(c => c.IsEnabled).ToList();
        var ill = on.Where(c => c.IsKeyLost || c.Health?.Status is not (null or ChannelStatus.Healthy or ChannelStatus.Unknown)).ToList();
        foreach (var channel in ill)
        {
            yield return new(StatusSeverity.Critical, Ill(channel), "View channel", PageUrls.Channel(channel.Id));
        }

        yield return on is []
            ? new(StatusSeverity.Critical, "No channels are enabled, so no models are available.", "View channels", PageUrls.Channels())
            : new(StatusSeverity.Ok, $"{Count(on.Count - ill.Count, "channel healthy", "channels healthy")}", "View channels", PageUrls.Channels());
    }

    private static string Ill(ChannelDetails channel) => channel switch
    {
        { IsKeyLost: true } => $"Channel {channel.Name} can't decrypt its provider key. Enter the key again.",
        { Health.Status: ChannelStatus.Unreachable } => $"Channel {channel.Name} is unreachable. {channel.Health?.Error}",
        { Health.Status: ChannelStatus.KeyRejected } => $"Channel {channel.Name}: {channel.Health?.Error}",
        { Health.Status: ChannelStatus.Recovering } => $"Channel {channel.Name} is recovering after a pause.",
        _ => $"Channel {channel.Name} is paused after repeated failures.",
    };

    private static StatusItem Backup(DateTimeOffset? last, UserClock clock) => last switch
    {
        null => new(StatusSeverity.NeedsAttention, "No backup yet. Run \"backup FILE\" on the server."),
        { } at when clock.Now - at > _oldBackup => new(StatusSeverity.NeedsAttention, $"Last backup: {clock.Brief(at)}. Run \"backup FILE\" on the server."),
        { } at => new(StatusSeverity.Ok, $"Last backup: {clock.Brief(at)}."),
    };

    private static string Count(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");
}
