using NexLlm.Dashboard.Events;

namespace NexLlm.Dashboard.Keys;

/// <summary>Tells whoever listens in this process that keys of an account were changed, after the change is durable.</summary>
public sealed class KeyChanges : Changes<KeysChanged>;

/// <summary>These keys of this account are not what they were.</summary>
/// <param name="OwnerId">The account.</param>
/// <param name="KeyIds">Its keys.</param>
/// <param name="OnlyUsage">They were used, and nothing else of them changed.</param>
public sealed record KeysChanged(long OwnerId, IReadOnlyList<long> KeyIds, bool OnlyUsage = false);
