using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Usage;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Overview;

/// <summary>All that the overview shows, as of one moment. An administrator sees what concerns everybody, or only the own keys.</summary>
/// <param name="Scope">Whose figures these are.</param>
/// <param name="Keys">The person's own.</param>
/// <param name="Day">The last 24 hours.</param>
/// <param name="Refusals">Of the last 24 hours, the most frequent first.</param>
/// <param name="RunningOut">The soonest first.</param>
/// <param name="ExpiringSoon">The first of the person's own keys that expire within a week.</param>
/// <param name="System">Null for who is no administrator.</param>
public sealed record OverviewFacts(
    UsageScope Scope,
    AccountOverview Account,
    KeyCounts Keys,
    DayFigures Day,
    IReadOnlyList<RefusalCount> Refusals,
    IReadOnlyList<RunningOut> RunningOut,
    IReadOnlyList<KeyDetails> ExpiringSoon,
    SystemFacts? System)
{
    /// <summary>There is nothing to see yet but how to begin.</summary>
    public bool IsNewcomer => System is null && Keys[KeyFilter.All] == 0 && Day.Total.Requests + Day.RejectedTotal == 0;

    public bool IsOwnAccount(RunningOut thing) => thing.KeyId is null && thing.AccountId == Account.Id;
}

/// <summary>How the installation does.</summary>
/// <param name="CanRecord">False while the ledger cannot be written to, and every request is refused.</param>
/// <param name="LastBackup">Null if none was ever made.</param>
/// <param name="FirstSteps">What a new installation still lacks.</param>
public sealed record SystemFacts(IReadOnlyList<ChannelDetails> Channels, bool CanRecord, DateTimeOffset? LastBackup, FirstStepsProgress FirstSteps);
