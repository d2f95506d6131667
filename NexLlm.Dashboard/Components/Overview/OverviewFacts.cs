using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.History;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Overview;

/// <summary>All that the overview shows, as of one moment. An administrator sees what concerns everybody.</summary>
/// <param name="Keys">The person's own.</param>
/// <param name="Day">What was used in the last 24 hours.</param>
/// <param name="Refusals">Of the last 24 hours, the most frequent first.</param>
/// <param name="RunningOut">The soonest first.</param>
/// <param name="ExpiringSoon">The first of the person's own keys that expire within a week.</param>
/// <param name="Changes">The last ones.</param>
/// <param name="KeyNames">What the keys are called that were changed.</param>
/// <param name="System">Null for who is no administrator.</param>
public sealed record OverviewFacts(
    AccountOverview Account,
    KeyCounts Keys,
    UsageFigures Day,
    IReadOnlyList<RefusalCount> Refusals,
    IReadOnlyList<RunningOut> RunningOut,
    IReadOnlyList<KeyDetails> ExpiringSoon,
    IReadOnlyList<HistoryEntry> Changes,
    IReadOnlyDictionary<long, KeyLabel> KeyNames,
    SystemFacts? System)
{
    public bool IsOwnAccount(RunningOut thing) => thing.KeyId is null && thing.AccountId == Account.Id;
}

/// <summary>How the installation does.</summary>
/// <param name="CanRecord">False while the ledger cannot be written to, and every request is refused.</param>
/// <param name="LastBackup">Null if none was ever made.</param>
public sealed record SystemFacts(IReadOnlyList<ChannelDetails> Channels, bool CanRecord, DateTimeOffset? LastBackup);
