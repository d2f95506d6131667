using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Usage;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Overview;

/// <summary>The data of the overview at one moment. Administrators see everybody's data or only their own.</summary>
/// <param name="Scope">The account or accounts of the figures.</param>
/// <param name="Keys">The counts of the user's own keys.</param>
/// <param name="Day">The last 24 hours.</param>
/// <param name="Refusals">The rejections of the last 24 hours, most frequent first.</param>
/// <param name="RunningOut">Quotas running out, soonest first.</param>
/// <param name="ExpiringSoon">The first of the user's own keys that expire within a week.</param>
/// <param name="System">Null for members.</param>
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
    /// <summary>Whether there is nothing to show yet except how to start.</summary>
    public bool IsNewcomer => System is null && Keys[KeyFilter.All] == 0 && Day.Total.Requests + Day.RejectedTotal == 0;

    public bool IsOwnAccount(RunningOut thing) => thing.KeyId is null && thing.AccountId == Account.Id;
}

/// <summary>The state of the installation.</summary>
/// <param name="CanRecord">False while the ledger can't be written and every request is rejected.</param>
/// <param name="LastBackup">Null if there is none.</param>
/// <param name="FirstSteps">The set-up steps a new installation still lacks.</param>
public sealed record SystemFacts(IReadOnlyList<ChannelDetails> Channels, bool CanRecord, DateTimeOffset? LastBackup, FirstStepsProgress FirstSteps);
