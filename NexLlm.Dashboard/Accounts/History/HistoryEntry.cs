using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts.History;

/// <summary>An event as visible to the person viewing it.</summary>
/// <param name="Id">The event's ID.</param>
/// <param name="At">When it happened.</param>
/// <param name="Action">One of <see cref="AuditActions"/>.</param>
/// <param name="By">The actor.</param>
/// <param name="Address">The actor's IP address; null if unknown or hidden from the viewer.</param>
/// <param name="Subject">The affected account or owner of the affected key; null if there is none.</param>
/// <param name="KeyId">The affected key; null if there is none.</param>
/// <param name="Changes">The changed values, in recorded order.</param>
public sealed record HistoryEntry(
    long Id, DateTimeOffset At, string Action, HistoryActor By, string? Address, AccountName? Subject, long? KeyId, IReadOnlyList<RecordedChange> Changes);

/// <summary>An account's ID and email.</summary>
public sealed record AccountName(long Id, string Email);

/// <summary>The actor of an event.</summary>
public abstract record HistoryActor
{
    private HistoryActor()
    {
    }

    /// <summary>The person viewing the event.</summary>
    public sealed record You : HistoryActor;

    /// <summary>Another person, whose name only administrators see.</summary>
    public sealed record Person(AccountName Account) : HistoryActor;

    /// <summary>An administrator whose name is hidden from the viewer.</summary>
    public sealed record Administrator : HistoryActor;

    /// <summary>A person who wasn't logged in.</summary>
    public sealed record Visitor : HistoryActor;

    /// <summary>The application itself, a command, or the configuration.</summary>
    public sealed record Program : HistoryActor;
}
