using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.Keys;

/// <summary>
/// Synchronizes the list's address with the browser's. A search runs ahead of the browser: its rows come first. The new URL,
/// which costs a round trip and another rendering, follows.
/// </summary>
internal sealed class KeyListNavigation(NavigationManager navigation)
{
    // The addresses the browser was sent to and hasn't confirmed yet, in order.
    private readonly Queue<KeyListAddress> _sentTo = [];
    private KeyListAddress? _browser;
    private bool _refines;
    private bool _leads;

    public KeyListAddress Address { get; private set; } = KeyListAddress.Default;

    /// <summary>Follows the browser's address.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Follow(KeyListAddress address)
    {
        if (!IsNews(address) || address == Address)
        {
            return false;
        }

        (Address, _leads) = (address, false);
        return true;
    }

    /// <returns>Whether the address is new; show it before calling <see cref="Lead"/>.</returns>
    public bool Search(string text)
    {
        var next = Address.Searching(text);
        if (next == Address)
        {
            return false;
        }

        // Refining a search is one step of the back button, not one per pause.
        _refines = _leads ? _refines : Address.Query.Search is not null && next.Query.Search is not null;
        (Address, _leads) = (next, true);
        return true;
    }

    /// <summary>Navigates the browser to the search's address once its rows are shown, by any load.</summary>
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
    /// Whether the browser's address is new and not one the list sent it to. A rendering in between or a late confirmation must
    /// not revert what was typed since.
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
            // The browser moved on before this address was confirmed.
        }

        return false;
    }
}
