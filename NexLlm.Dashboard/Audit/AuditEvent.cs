namespace NexLlm.Dashboard.Audit;

/// <summary>One change of a key or an account, written in the transaction that made the change.</summary>
public sealed class AuditEvent
{
    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>One of <see cref="AuditActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>The account that acted; null for the command line, configuration and visitors who are not logged in.</summary>
    public long? ActorId { get; init; }

    /// <summary>The client's address, or <see cref="RepeatedEvents.SeveralAddresses"/>; null where there is none (command line).</summary>
    public string? Address { get; init; }

    /// <summary>The account whose key or account was changed; null where it belongs to nobody.</summary>
    public long? OwnerId { get; init; }

    /// <summary>The key that was changed; null when the account itself was.</summary>
    public long? KeyId { get; init; }

    /// <summary>The values that changed, as JSON <c>{"name":{"before":…,"after":…}}</c>; never a secret. Null if the action says it all.</summary>
    public string? Changes { get; init; }

    /// <summary>Over the hash of the event before and this event, by <see cref="AuditChain"/>; null of events from before there was a chain.</summary>
    public byte[]? Hash { get; internal set; }
}
