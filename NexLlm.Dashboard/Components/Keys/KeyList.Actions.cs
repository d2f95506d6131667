using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys;

/// <summary>What a person does in the list.</summary>
public sealed partial class KeyList
{
    private async Task SearchAsync(string text)
    {
        _paste = null;
        if (PastedSecret.IsIn(text))
        {
            await RecogniseAsync(text);
            return;
        }

        var next = _address.Searching(text);
        if (next != _address)
        {
            // Refining a search is one step for the back button, not one a pause. The rows come before the new address, which
            // takes the browser there and back and the page another rendering.
            _refines = _leads ? _refines : _address.Query.Search is not null && next.Query.Search is not null;
            _address = next;
            _leads = true;
            _selected.Clear();
            await LoadAsync(recount: true);
        }
    }

    /// <summary>Goes to the key by its id: the secret itself reaches neither the address nor a log, and leaves the box.</summary>
    private async Task RecogniseAsync(string pasted)
    {
        await _search!.ClearAsync();
        var key = await Keys.RecogniseAsync(await CurrentUser.ActorAsync(), PastedSecret.In(pasted));
        if (key is { DeletedAt: null })
        {
            Navigation.NavigateTo(PageUrls.Keys(new KeyListAddress(new KeyQuery(), key.Id)));
            return;
        }

        _paste = key is null
            ? "That key doesn't belong to your account."
            : $"The pasted key, {key.Name}, was deleted and no longer works. Find it under Recently deleted.";
    }

    private void Select((long Id, bool Selected) choice)
    {
        if (choice.Selected)
        {
            _selected.Add(choice.Id);
        }
        else
        {
            _selected.Remove(choice.Id);
        }
    }

    private void SelectPage(bool selected)
    {
        _selected.Clear();
        if (selected)
        {
            _selected.UnionWith(_page!.Keys.Select(k => k.Id));
        }
    }

    private async Task SetEnabledAsync(IReadOnlyList<KeyDetails> keys, bool enabled)
    {
        // What this very list does it shows at once, rather than when the news of it comes round.
        _acting = true;
        bool isChanged;
        try
        {
            isChanged = await Switch.SetEnabledAsync(keys, enabled);
        }
        finally
        {
            _acting = false;
        }

        if (isChanged)
        {
            await RefreshAsync();
        }
    }

    private async Task DeleteAsync(IReadOnlyList<KeyDetails> keys)
    {
        if (await Dialogs.DeleteKeysAsync(keys))
        {
            _selected.Clear();
            await RefreshAsync();
            // The button that opened the dialog is gone with its row; without a place, the focus would fall to the document.
            await _header.FocusAsync();
        }
    }
}
