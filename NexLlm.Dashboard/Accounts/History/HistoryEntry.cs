using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts.History;

/// <summary>Something that was done, as the person who looks may see it.</summary>
/// <param name="Id">Names it.</param>
/// <param name="At">When.</param>
/// <param name="Action">One of <see cref="AuditActions"/>.</param>
/// <param name="By">Who did it.</param>
/// <param name="Address">From where; null if unknown, or not theirs to know.</param>
/// <param name="Subject">Whose account or key it happened to; null if to nobody's.</param>
/// <param name="KeyId">The key that it happened to; null if to none.</param>
/// <param name="Changes">What was changed, in the order in which it was recorded.</param>
public sealed record HistoryEntry(
    long Id, DateTimeOffset At, string Action, HistoryActor By, string? Address, AccountName? Subject, long? KeyId, IReadOnlyList<RecordedChange> Changes);

/// <summary>An account by its number and e-mail address.</summary>
public sealed record AccountName(long Id, string Email);

/// <summary>Who did something.</summary>
public abstract record HistoryActor
{
    private HistoryActor()
    {
    }

    /// <summary>The person who looks.</summary>
    public sealed record You : HistoryActor;

    /// <summary>Somebody else, whom administrators see by name.</summary>
    public sealed record Person(AccountName Account) : HistoryActor;

    /// <summary>An administrator, whom an owner does not see by name.</summary>
    public sealed record Administrator : HistoryActor;

    /// <summary>Somebody who was not logged in.</summary>
    public sealed record Visitor : HistoryActor;

    /// <summary>The program itself, a command on its machine, or its configuration.</summary>
    public sealed record Program : HistoryActor;
}
