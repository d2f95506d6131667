using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Components.Accounts;

public sealed partial class AccountsPage(
    AdministratorsOnly administrators, AccountList accounts, InvitationService invitations, KeyAdministration keys, KeyPolicyService policies,
    AccountChanges changes, KeyChanges keyChanges, AuditEvents events, IDialogService dialogs, NavigationManager navigation, TimeProvider clock,
    ILogger<AccountsPage> log) : LivePage(log)
{
    private static readonly TimeSpan _refreshAtMost = TimeSpan.FromSeconds(2);

    private static readonly (AccountFilter Filter, string Label)[] _chips =
    [
        (AccountFilter.All, "All"), (AccountFilter.Administrators, "Administrators"), (AccountFilter.Exhausted, "Quota exhausted"),
        (AccountFilter.Disabled, "Disabled"),
    ];

    private AccountListAddress _address = AccountListAddress.Default;
    private Page<AccountDetails>? _page;
    private AccountCounts? _counts;
    private IReadOnlyDictionary<long, int> _keys = new Dictionary<long, int>();
    private IReadOnlyList<FoundKey> _found = [];
    private IReadOnlyList<PendingInvitation> _invitations = [];
    private bool _isAdministrator;
    private bool _hasInvited;
    private string? _paste;
    private string? _announcement;
    private PageHeader? _header;
    private Throttle? _refresh;

    [SupplyParameterFromQuery(Name = "q")]
    private string? SearchText { get; set; }

    [SupplyParameterFromQuery(Name = "show")]
    private string? FilterSlug { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? SortSlug { get; set; }

    [SupplyParameterFromQuery(Name = "dir")]
    private string? Direction { get; set; }

    [SupplyParameterFromQuery(Name = "at")]
    private string? Cursor { get; set; }

    /// <summary>Whether the URL opens the invite dialog, as the command palette does.</summary>
    [SupplyParameterFromQuery(Name = "invite")]
    private bool Invites { get; set; }

    private string? Shown => _page is null ? null : CursorPager.InWords("account", _page.Rows.Count, _counts?[_address.Query.Filter], _page.Previous, _page.Next);

    protected override async Task OnParametersSetAsync()
    {
        if (SearchText is not null && PastedSecret.IsIn(SearchText))
        {
            // A secret was entered into the URL by hand; at least remove it from there.
            navigation.NavigateTo(PageUrls.Accounts(), replace: true);
            return;
        }

        var address = AccountListAddress.Read(SearchText, FilterSlug, SortSlug, Direction, Cursor);
        if (address != _address || _page is null)
        {
            _address = address;
            await LoadAsync();
        }
    }

    protected override void Listen()
    {
        _refresh = RefreshAtMost(clock, _refreshAtMost);
        Own(changes.Subscribe(OnChanged));
        Own(keyChanges.Subscribe(change => OnChanged(change.OwnerId)));
        Own(events.Subscribe(OnChanged));
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Invites && !_hasInvited && _page is not null && RendererInfo.IsInteractive)
        {
            _hasInvited = true;
            await InviteAsync();
            StateHasChanged();
        }
        else if (!Invites)
        {
            _hasInvited = false;
        }
    }

    private void OnChanged(long accountId)
    {
        if (_page?.Rows.Any(account => account.Id == accountId) is true)
        {
            _refresh?.Request();
        }
    }

    /// <summary>Handles events that affect no listed account: a new account or an invitation.</summary>
    private void OnChanged(AuditEvent recorded)
    {
        if (recorded.Action is AuditActions.AccountCreated or AuditActions.AccountInvited or AuditActions.AccountInvitationWithdrawn)
        {
            _refresh?.Request();
        }
    }

    protected override void Announce() => _announcement = Shown;

    protected override async Task ReadAsync()
    {
        if (await administrators.EnterAsync() is not { } actor)
        {
            return;
        }

        _isAdministrator = true;
        var address = _address;
        var page = await Task.Run(() => accounts.ListAsync(actor, address.Query));
        if (page.Rows is [] && address.Query.Cursor is { Direction: not PageDirection.Last })
        {
            navigation.NavigateTo(PageUrls.Accounts(address.At(PageCursor.Last)), replace: true);
            return;
        }

        var counts = await Task.Run(() => accounts.CountAsync(actor, address.Query.Search));
        var ofKeys = await keys.CountAsync(actor, [.. page.Rows.Select(a => a.Id)]);
        var found = await Task.Run(() => keys.FindAsync(actor, address.Query.Search, FoundKeys.Shown + 1));
        var pending = await invitations.ListAsync(actor);
        if (address == _address)
        {
            (_page, _counts, _keys, _found, _invitations) = (page, counts, ofKeys, found, pending);
        }
    }

    private async Task InviteAsync()
    {
        await dialogs.InviteAsync();
        await LoadAsync();
    }

    private void Search(string text)
    {
        _paste = null;
        var next = _address.Searching(text);
        if (next != _address)
        {
            navigation.NavigateTo(PageUrls.Accounts(next), replace: _address.Query.Search is not null && next.Query.Search is not null);
        }
    }

    /// <summary>Navigates to the key by its id, so that the secret reaches neither the URL nor a log.</summary>
    private async Task FindKeyAsync(string secret)
    {
        if (await administrators.EnterAsync() is not { } actor)
        {
            return;
        }

        var key = await policies.RecogniseAsync(actor, secret);
        if (key is { DeletedAt: null })
        {
            navigation.NavigateTo(PageUrls.Key(key.Id));
            return;
        }

        _paste = key is null
            ? "The pasted key doesn't belong to any account."
            : $"The pasted key, {key.Name}, has been deleted and no longer works.";
    }

    private async Task AfterRevocationAsync()
    {
        await LoadAsync();
        // The button that opened the dialog was removed with its row; without a target, the focus would fall back to the document.
        if (_header is not null)
        {
            await _header.FocusAsync();
        }
    }
}
