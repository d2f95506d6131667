using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Components.Accounts;

public sealed partial class AccountKeys(
    KeyAdministration keys, KeyToggle keySwitch, KeyChanges changes, CurrentUser user, UserClock words, TimeProvider clock,
    IDialogService dialogs, ILogger<AccountKeys> log) : LivePage(log)
{
    private static readonly Dictionary<string, object?> _table = new() { ["aria-label"] = "API keys of the account" };

    private KeyPage? _page;
    private PageCursor? _cursor;
    private ElementReference _heading;

    [Parameter, EditorRequired]
    public long OwnerId { get; set; }

    /// <summary>The start of the page of keys; null for the first page.</summary>
    [Parameter]
    public PageCursor? Cursor { get; set; }

    private UserClock Clock => words;

    protected override async Task OnParametersSetAsync()
    {
        if (_page is null || _cursor != Cursor)
        {
            _cursor = Cursor;
            await LoadAsync();
        }
    }

    protected override void Listen()
    {
        var refresh = RefreshAtMost(clock, TimeSpan.FromSeconds(1));
        Own(changes.Subscribe(change =>
        {
            if (change.OwnerId == OwnerId)
            {
                refresh.Request();
            }
        }));
    }

    protected override async Task ReadAsync()
    {
        var actor = await user.ActorAsync();
        var page = await keys.ListAsync(actor, OwnerId, new KeyQuery(Cursor: Cursor));
        // The keys of this page may have been deleted, such as the last key of the last page by its own button.
        _page = page.Keys is [] && Cursor is not null ? await keys.ListAsync(actor, OwnerId, new KeyQuery(Cursor: PageCursor.Last)) : page;
    }

    private async Task ToggleAsync(KeyDetails key)
    {
        await keySwitch.SetEnabledAsync([key], !key.IsEnabled);
        await LoadAsync();
    }

    private async Task DeleteAsync(KeyDetails key)
    {
        if (await dialogs.DeleteKeysAsync([key]))
        {
            await LoadAsync();
            // The button that opened the dialog was removed with its row; without a target, the focus would fall back to the document.
            await _heading.FocusAsync();
        }
    }

}
