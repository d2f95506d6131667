using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Keys.Edit;

/// <summary>
/// What is used shows as it is, at most a second old. All else stays as the person read it: whoever changed that meanwhile is
/// found when this page is saved.
/// </summary>
public sealed partial class EditKeyPage
{
    private IDisposable? _used;
    private Throttle? _refresh;

    public void Dispose()
    {
        _used?.Dispose();
        _refresh?.Dispose();
    }

    private void Listen()
    {
        _refresh = new Throttle(clock, TimeSpan.FromSeconds(1), () => _ = InvokeAsync(RefreshAsync));
        _used = changes.Subscribe(change =>
        {
            if (change.OnlyUsage && change.KeyIds.Contains(Id))
            {
                _refresh.Request();
            }
        });
    }

    private async Task RefreshAsync()
    {
        try
        {
            var actor = await user.ActorAsync();
            if (await keys.FindAsync(actor, Id) is { } now && _key?.Id == now.Id)
            {
                _key = _key with { Quota = _key.Quota with { Used = now.Quota.Used }, LastUsedAt = now.LastUsedAt };
                _form?.Quota.Use(now.Quota.Used);
                _account = await accounts.GetAsync(actor);
                StateHasChanged();
            }
        }
        catch (AccessDeniedException denied)
        {
            await DispatchExceptionAsync(denied);
        }
        catch (Exception error)
        {
            LogStale(error, Id);
        }
    }

    [LoggerMessage(LogLevel.Error, "Could not read the usage of key {KeyId}.")]
    private partial void LogStale(Exception exception, long keyId);
}
