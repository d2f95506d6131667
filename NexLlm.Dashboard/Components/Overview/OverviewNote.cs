using System.Globalization;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Overview;

/// <summary>How much a note wants of the person; the worst stands first.</summary>
public enum Weight
{
    Wrong,
    Look,
    Fine,
}

/// <summary>One sentence on how things are, and where to look or what to do.</summary>
/// <param name="Url">Null if there is nothing to see.</param>
public sealed record OverviewNote(Weight Weight, string Sentence, string? Link = null, string? Url = null)
{
    /// <summary>A backup that is older is worth a reminder.</summary>
    private static readonly TimeSpan _oldBackup = TimeSpan.FromDays(7);

    /// <summary>Red in every quota bar, too.</summary>
    private const double MuchUsed = 0.9;

    /// <summary>As soon as for keys that expire.</summary>
    private static readonly TimeSpan _soon = TimeSpan.FromDays(7);

    public static IReadOnlyList<OverviewNote> Of(OverviewFacts facts, UserClock clock)
    {
        var notes = new List<OverviewNote> { Account(facts, clock) };
        notes.AddRange(Keys(facts));
        notes.AddRange(RunningOut(facts, clock));
        notes.Add(Refusals(facts));
        if (facts.System is { } system)
        {
            notes.AddRange(Channels(system));
            notes.Add(system.CanRecord
                ? new(Weight.Fine, "Usage is being recorded.")
                : new(Weight.Wrong, "The database is read-only, so all requests are rejected. Check disk space and the server log."));
            notes.Add(Backup(system.LastBackup, clock));
        }

        return [.. notes.OrderBy(note => note.Weight)];
    }

    private static OverviewNote Account(OverviewFacts facts, UserClock clock)
    {
        var quota = new TokenQuota(facts.Account.TokenLimit, facts.Account.UsedTokens);
        var end = facts.RunningOut.FirstOrDefault(facts.IsOwnAccount)?.Runway.RunsOutAt;
        var pace = end is { } at ? $" and runs out {UserClock.InSentence(clock.Brief(at))} at the current rate" : "";
        return quota switch
        {
            { Limit: null } => new(Weight.Fine, "Your account has an unlimited quota."),
            { Limit: 0 } => new(Weight.Wrong, AccountWords.Lacking(facts.Account)!),
            { IsExhausted: true } => new(Weight.Wrong, AccountWords.Lacking(facts.Account)!, "View account", PageUrls.Account),
            _ => new(
                quota.UsedFraction >= MuchUsed || end - clock.Now <= _soon ? Weight.Look : Weight.Fine,
                $"Your account has {TokenQuota.InWords(quota.Remaining!.Value)} left{pace}.", "View account", PageUrls.Account),
        };
    }

    private static IEnumerable<OverviewNote> RunningOut(OverviewFacts facts, UserClock clock)
    {
        var soon = facts.RunningOut.Count(r => !facts.IsOwnAccount(r) && r.Runway.RunsOutAt - clock.Now <= _soon);
        if (soon > 0)
        {
            yield return new(Weight.Look, $"{Count(soon, "quota will run out within 7 days at the current rate", "quotas will run out within 7 days at the current rate")}.", "View", PageUrls.Overview + "#out");
        }
    }

    private static IEnumerable<OverviewNote> Keys(OverviewFacts facts)
    {
        var keys = facts.Keys;
        if (keys[KeyFilter.All] == 0)
        {
            // Who administers need not have any. For everybody else the page itself says how to begin.
            if (facts.System is not null)
            {
                yield return new(Weight.Fine, "You don't have any API keys yet.", "Create API Key", PageUrls.NewKey());
            }

            yield break;
        }

        yield return new(Weight.Fine, $"{Count(keys[KeyFilter.Active], "key is active", "keys are active")}.", "View keys", PageUrls.Keys());
        foreach (var (filter, weight, one, many) in new[]
        {
            (KeyFilter.QuotaExhausted, Weight.Look, "key is out of quota", "keys are out of quota"),
            (KeyFilter.ExpiresSoon, Weight.Look, "key expires within 7 days", "keys expire within 7 days"),
            // It did what it was told. Whoever still calls with it shows among what was refused.
            (KeyFilter.Expired, Weight.Fine, "key has expired", "keys have expired"),
        })
        {
            if (keys[filter] > 0)
            {
                yield return new(weight, $"{Count(keys[filter], one, many)}.", "View keys", PageUrls.Keys(KeyListAddress.Default.Showing(filter)));
            }
        }
    }

    private static OverviewNote Refusals(OverviewFacts facts)
    {
        var refused = facts.Refusals.Sum(r => r.Requests);
        return refused == 0
            ? new(Weight.Fine, "No rejected requests in the last 24 hours.")
            : new(Weight.Look, $"{Count(refused, "request was rejected", "requests were rejected")} in the last 24 hours.", "View logs", PageUrls.Logs(LogAddress.Default with { Status = LogAddress.Failed }));
    }

    private static IEnumerable<OverviewNote> Channels(SystemFacts system)
    {
        var on = system.Channels.Where(c => c.IsEnabled).ToList();
        var ill = on.Where(c => c.IsKeyLost || c.Health?.Status is not (null or ChannelStatus.Healthy or ChannelStatus.Unknown)).ToList();
        foreach (var channel in ill)
        {
            yield return new(Weight.Wrong, Ill(channel), "View channel", PageUrls.Channel(channel.Id));
        }

        yield return on is []
            ? new(Weight.Wrong, "No channels are enabled, so no models are available.", "View channels", PageUrls.Channels())
            : new(Weight.Fine, $"{Count(on.Count - ill.Count, "channel healthy", "channels healthy")}", "View channels", PageUrls.Channels());
    }

    private static string Ill(ChannelDetails channel) => channel switch
    {
        { IsKeyLost: true } => $"Channel {channel.Name} can't decrypt its provider key. Enter the key again.",
        { Health.Status: ChannelStatus.Unreachable } => $"Channel {channel.Name} is unreachable. {channel.Health?.Error}",
        { Health.Status: ChannelStatus.KeyRejected } => $"Channel {channel.Name}: {channel.Health?.Error}",
        { Health.Status: ChannelStatus.Recovering } => $"Channel {channel.Name} is recovering after a pause.",
        _ => $"Channel {channel.Name} is paused after repeated failures.",
    };

    private static OverviewNote Backup(DateTimeOffset? last, UserClock clock) => last switch
    {
        null => new(Weight.Look, "No backup yet. Run \"backup FILE\" on the server."),
        { } at when clock.Now - at > _oldBackup => new(Weight.Look, $"Last backup: {clock.Brief(at)}. Run \"backup FILE\" on the server."),
        { } at => new(Weight.Fine, $"Last backup: {clock.Brief(at)}."),
    };

    private static string Count(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");
}
