using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Events;

namespace NexLlm.Dashboard.Accounts;

/// <summary>
/// Tells whoever listens in this process the id of an account whose quota or state was changed, after the change is durable: at once what
/// this process did, within a second what a command beside it did, and everything else that is recorded of an account.
/// </summary>
public sealed class AccountChanges : Changes<long>, IDisposable
{
    private readonly IDisposable _events;

    public AccountChanges(AuditEvents events) => _events = events.Subscribe(recorded =>
    {
        if (recorded is { OwnerId: { } account, KeyId: null })
        {
            Publish(account);
        }
    });

    public void Dispose() => _events.Dispose();
}
