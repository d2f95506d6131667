using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys;

public sealed partial class DeleteKeyDialog(ILogger<DeleteKeyDialog> log)
{
    private const int NamesShown = 5;

    private IReadOnlyList<KeyDetails> _keys = [];
    private Modal _modal = default!;
    private long? _ownerId;
    private bool _deleting;
    private bool _failed;

    /// <summary>After keys were deleted, unless a replacement is made next.</summary>
    [Parameter]
    public EventCallback Deleted { get; set; }

    [Inject]
    private KeyPolicyService Keys { get; set; } = default!;

    [Inject]
    private KeyRecovery Recovery { get; set; } = default!;

    [Inject]
    private Person Person { get; set; } = default!;

    [Inject]
    private PersonClock Clock { get; set; } = default!;

    [Inject]
    private IOptions<ApiKeyOptions> Options { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private string Title => _keys is [var key] ? $"Delete {key.Name}?" : FormattableString.Invariant($"Delete {_keys.Count:N0} keys?");

    /// <param name="keys">One or more.</param>
    public async Task AskAsync(IReadOnlyList<KeyDetails> keys)
    {
        _keys = keys;
        _failed = false;
        _ownerId = (await Person.ActorAsync()).AccountId;
        StateHasChanged();
        await _modal.OpenAsync();
    }

    private async Task CancelAsync() => await _modal.CloseAsync();

    private async Task DeleteAsync(bool replace)
    {
        _deleting = true;
        try
        {
            var count = await Keys.DeleteAsync(await Person.ActorAsync(), [.. _keys.Select(k => k.Id)]);
            await _modal.CloseAsync();
            await Recovery.OfferAsync(_keys, count);
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            _failed = true;
            return;
        }
        finally
        {
            _deleting = false;
        }

        if (replace)
        {
            Navigation.NavigateTo(PageUrls.NewKey(_keys[0].Id));
        }
        else
        {
            await Deleted.InvokeAsync();
        }
    }

    [LoggerMessage(LogLevel.Error, "Keys could not be deleted.")]
    private partial void LogFailure(Exception error);
}
