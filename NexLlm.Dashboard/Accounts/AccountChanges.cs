using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts;

/// <summary>Tells whoever listens in this process the id of an account whose quota or state was changed, after the change is durable.</summary>
public sealed class AccountChanges : Changes<long>;
