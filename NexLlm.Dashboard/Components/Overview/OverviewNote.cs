using System.Globalization;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Components.Logs;
using NexLlm.Dashboard.Components.Shared;
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

    public static IReadOnlyList<OverviewNote> Of(OverviewFacts facts, PersonClock clock)
    {
        var notes = new List<OverviewNote> { Account(facts, clock) };
        notes.AddRange(Keys(facts.Keys));
        notes.AddRange(RunningOut(facts, clock));
        notes.Add(Refusals(facts));
        if (facts.System is { } system)
        {
            notes.AddRange(Channels(system));
            notes.Add(system.CanRecord
                ? new(Weight.Fine, "Requests are recorded as they should be.")
                : new(Weight.Wrong, "The database cannot be written to: every request is refused until it can. Look at the disk and at the program's log."));
            notes.Add(Backup(system.LastBackup, clock));
        }

        return [.. notes.OrderBy(note => note.Weight)];
    }

    private static OverviewNote Account(OverviewFacts facts, PersonClock clock)
    {
        var quota = new TokenQuota(facts.Account.TokenLimit, facts.Account.UsedTokens);
        var end = facts.RunningOut.FirstOrDefault(facts.IsOwnAccount)?.Runway.RunsOutAt;
        var pace = end is { } at ? $", used up {PersonClock.InSentence(clock.Brief(at))} at this pace" : "";
        return quota switch
        {
            { Limit: null } => new(Weight.Fine, "Your account has no limit."),
            { Limit: 0 } => new(Weight.Wrong, "Your account has no quota yet: every request is refused until an administrator gives it some."),
            { IsExhausted: true } => new(Weight.Wrong, "Your account has used up its overall quota: every request is refused until an administrator adds to it.", "Your account", PageUrls.Account),
            _ => new(
                quota.UsedFraction >= MuchUsed || end - clock.Now <= _soon ? Weight.Look : Weight.Fine,
                $"Your account has {TokenQuota.InWords(quota.Remaining!.Value)} left{pace}.", "Your account", PageUrls.Account),
        };
    }

    private static IEnumerable<OverviewNote> RunningOut(OverviewFacts facts, PersonClock clock)
    {
        var soon = facts.RunningOut.Count(r => !facts.IsOwnAccount(r) && r.Runway.RunsOutAt - clock.Now <= _soon);
        if (soon > 0)
        {
            yield return new(Weight.Look, $"{Count(soon, "quota is used up within 7 days at this pace", "quotas are used up within 7 days at this pace")}.", "Show", PageUrls.Overview + "#out");
        }
    }

    private static IEnumerable<OverviewNote> Keys(KeyCounts keys)
    {
        if (keys[KeyFilter.All] == 0)
        {
            yield return new(Weight.Look, "You have no API key yet.", "Create API Key", PageUrls.NewKey());
            yield break;
        }

        yield return new(Weight.Fine, $"{Count(keys[KeyFilter.Active], "of your keys is active", "of your keys are active")}.", "API Keys", PageUrls.Keys());
        foreach (var (filter, weight, one, many) in new[]
        {
            (KeyFilter.QuotaExhausted, Weight.Look, "of your keys has used up its quota", "of your keys have used up their quota"),
            (KeyFilter.ExpiresSoon, Weight.Look, "of your keys expires within 7 days", "of your keys expire within 7 days"),
            // It did what it was told. Whoever still calls with it shows among what was refused.
            (KeyFilter.Expired, Weight.Fine, "of your keys has expired", "of your keys have expired"),
        })
        {
            if (keys[filter] > 0)
            {
                yield return new(weight, $"{Count(keys[filter], one, many)}.", "Show", PageUrls.Keys(KeyListAddress.Default.Showing(filter)));
            }
        }
    }

    private static OverviewNote Refusals(OverviewFacts facts)
    {
        var refused = facts.Refusals.Sum(r => r.Requests);
        return refused == 0
            ? new(Weight.Fine, "No request was refused in the last 24 hours.")
            : new(Weight.Look, $"{Count(refused, "request was refused", "requests were refused")} in the last 24 hours.", "Show", PageUrls.Logs(LogAddress.Default with { Status = LogAddress.Failed }));
    }

    private static IEnumerable<OverviewNote> Channels(SystemFacts system)
    {
        var on = system.Channels.Where(c => c.IsEnabled).ToList();
        var ill = on.Where(c => c.IsKeyLost || c.Health is { Phase: not CircuitPhase.Closed }).ToList();
        foreach (var channel in ill)
        {
            yield return new(
                Weight.Wrong,
                channel.IsKeyLost ? $"The channel {channel.Name} is out of use: its provider key is lost." : $"The channel {channel.Name} fails too often, and rests.",
                "Show", PageUrls.Channel(channel.Id));
        }

        yield return on is []
            ? new(Weight.Wrong, "No channel is on, so no model can be called.", "Channels", PageUrls.Channels())
            : new(Weight.Fine, $"{Count(on.Count - ill.Count, "channel is in order", "channels are in order")}.", "Channels", PageUrls.Channels());
    }

    private static OverviewNote Backup(DateTimeOffset? last, PersonClock clock) => last switch
    {
        null => new(Weight.Look, "There is no backup yet. Make one on the server with the command backup FILE."),
        { } at when clock.Now - at > _oldBackup => new(Weight.Look, $"The last backup was made {PersonClock.InSentence(clock.Brief(at))}. Make a new one on the server with the command backup FILE."),
        { } at => new(Weight.Fine, $"The last backup was made {PersonClock.InSentence(clock.Brief(at))}."),
    };

    private static string Count(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");
}
