using NexLlm.Dashboard.Events;

namespace NexLlm.Dashboard.Keys;

/// <summary>Notifies subscribers in this process that keys of an account have changed, once the change is durable.</summary>
public sealed class KeyChanges : Changes<KeysChanged>;

/// <summary>Some keys of an account have changed.</summary>
/// <param name="OwnerId">The account.</param>
/// <param name="KeyIds">The changed keys.</param>
/// <param name="OnlyUsage">Whether only their usage changed.</param>
public sealed record KeysChanged(long OwnerId, IReadOnlyList<long> KeyIds, bool OnlyUsage = false);
