using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.Keys;

/// <summary>
/// The list's address and the browser's. A search goes before the browser: its rows come first, and the new address, which takes the
/// browser there and back and the page another rendering, follows.
/// </summary>
internal sealed class KeyListNavigation(NavigationManager navigation)
{
    // Where the list sent the browser, in order, and it has not been seen to be yet.
    private readonly Queue<KeyListAddress> _sentTo = [];
    private KeyListAddress? _browser;
    private bool _refines;
    private bool _leads;

    public KeyListAddress Address { get; private set; } = KeyListAddress.Default;

    /// <summary>Goes where the browser is.</summary>
    /// <returns>Whether that is somewhere new.</returns>
    public bool Follow(KeyListAddress address)
    {
        if (!IsNews(address) || address == Address)
        {
            return false;
        }

        (Address, _leads) = (address, false);
        return true;
    }

    /// <returns>Whether that is somewhere new, to be shown before <see cref="Lead"/> is called.</returns>
    public bool Search(string text)
    {
        var next = Address.Searching(text);
        if (next == Address)
        {
            return false;
        }

        // Refining a search is one step for the back button, not one a pause.
        _refines = _leads ? _refines : Address.Query.Search is not null && next.Query.Search is not null;
        (Address, _leads) = (next, true);
        return true;
    }

    /// <summary>Takes the browser to where a search led the list, once its rows are shown, by whichever load.</summary>
    public void Lead()
    {
        if (_leads)
        {
            _leads = false;
            _sentTo.Enqueue(Address);
            navigation.NavigateTo(PageUrls.Keys(Address), replace: _refines);
        }
    }

    /// <summary>
    /// Whether the browser is somewhere new that the list did not send it to. Rendered again in between, or followed late, the list
    /// must not take back what was typed since.
    /// </summary>
    private bool IsNews(KeyListAddress address)
    {
        if (address == _browser)
        {
            return false;
        }

        _browser = address;
        if (!_sentTo.Contains(address))
        {
            _sentTo.Clear();
            return true;
        }

        while (_sentTo.Dequeue() != address)
        {
            // It went on before it was seen there.
        }

        return false;
    }
}
