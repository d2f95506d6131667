namespace NexLlm.Dashboard.Audit;

/// <summary>A change of a key or an account, written in the same transaction as the change.</summary>
public sealed class AuditEvent
{
    internal const string Table = "AuditEvents";

    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>One of <see cref="AuditActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>The account that acted; null for the command line, the configuration and visitors.</summary>
    public long? ActorId { get; init; }

    /// <summary>The client's IP address, or <see cref="RepeatedEvents.SeveralAddresses"/>; null if there is none (command line).</summary>
    public string? Address { get; init; }

    /// <summary>The account that was changed or that owns the changed key; null if there is none.</summary>
    public long? OwnerId { get; init; }

    /// <summary>The key that was changed; null if the account itself was changed.</summary>
    public long? KeyId { get; init; }

    /// <summary>The changed values, as JSON <c>{"name":{"before":…,"after":…}}</c>; never a secret. Null if the action needs no details.</summary>
    public string? Changes { get; init; }

    /// <summary>
    /// The chained hash of this event, computed by <see cref="AuditChain"/>; null for events recorded before the chain was introduced.
    /// </summary>
    public byte[]? Hash { get; internal set; }
}
