using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Logs;

/// <summary>A search, limited to what the actor can see.</summary>
/// <param name="From">The first id.</param>
/// <param name="Before">Exclusive end: above the last id.</param>
internal sealed record LogScope(bool IsAdministrator, LogFilter Filter, long From, long Before)
{
    public bool Holds(in LogRow row) => row.Id >= From && row.Id < Before && Filter.Matches(row);
}
