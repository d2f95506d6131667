using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Events;

namespace NexLlm.Dashboard.Accounts;

/// <summary>
/// Notifies subscribers in this process of accounts whose quota or state changed, after the commit: immediately for changes of this
/// process, within a second for those of commands and any other recorded account event.
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
