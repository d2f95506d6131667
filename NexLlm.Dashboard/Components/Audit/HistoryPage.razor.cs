using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.History;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Components.Audit;

public sealed partial class HistoryPage(
    ChangeHistory history, AccountService own, AccountList accounts, KeyPolicyService keyService, CurrentUser user, NavigationManager navigation,
    ILogger<HistoryPage> log) : LivePage(log)
{
    private const int MostAccounts = 20;

    private HistoryAddress _address = HistoryAddress.Default;
    private Page<HistoryEntry>? _page;
    private IReadOnlyDictionary<long, KeyLabel> _keys = new Dictionary<long, KeyLabel>();
    private bool _isAdministrator;
    private AccountName? _account;
    private DateRange? _dates;
    private string? _announcement;

    [SupplyParameterFromQuery(Name = "what")]
    private string? What { get; set; }

    [SupplyParameterFromQuery(Name = "account")]
    private string? Account { get; set; }

    [SupplyParameterFromQuery(Name = "as")]
    private string? PartSlug { get; set; }

    [SupplyParameterFromQuery(Name = "key")]
    private string? Key { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    private string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    private string? To { get; set; }

    [SupplyParameterFromQuery(Name = "at")]
    private string? Cursor { get; set; }

    /// <summary>Only administrators see events about channels.</summary>
    private IEnumerable<(HistoryKind Kind, string Label)> Kinds =>
        HistoryAddress.Kinds.Where(k => _isAdministrator || k.Kind is HistoryKind.Keys or HistoryKind.Accounts or HistoryKind.LogIns);

    protected override async Task OnParametersSetAsync()
    {
        var address = HistoryAddress.Read(What, Account, PartSlug, Key, From, To, Cursor);
        if (address != _address || _page is null)
        {
            _address = address;
            await LoadAsync();
        }
    }

    protected override void Announce() =>
        _announcement = _page is { Rows: var rows } ? rows.Count == 1 ? "1 event." : $"{rows.Count} events on this page." : null;

    protected override async Task ReadAsync()
    {
        var actor = await user.ActorAsync();
        var address = _address;
        _isAdministrator = (await own.GetAsync(actor)).IsAdministrator;
        var page = await Task.Run(() => history.SearchAsync(actor, address.ToQuery(user.Zone)));
        var names = await keyService.NamesAsync(actor, [.. page.Rows.Select(e => e.KeyId).Append(address.KeyId).OfType<long>().Distinct()]);
        var account = _isAdministrator && address.AccountId is { } id ? await accounts.FindAsync(actor, id) : null;
        if (address == _address)
        {
            (_page, _keys) = (page, names);
            _account = account is null ? null : new AccountName(account.Id, account.Email);
            _dates = address is { From: null, To: null } ? null : new DateRange(address.From?.ToDateTime(default), address.To?.ToDateTime(default));
        }
    }

    private void ChooseDates(DateRange? dates)
    {
        if (dates is null or { Start: not null, End: not null })
        {
            Go(_address with { From = Day(dates?.Start), To = Day(dates?.End) });
        }

        static DateOnly? Day(DateTime? date) => date is { } known ? DateOnly.FromDateTime(known) : null;
    }

    private async Task<IEnumerable<AccountName>> FindAccountsAsync(string? text, CancellationToken cancellation)
    {
        // The text already in the field is the current choice, not a search.
        var search = text == _account?.Email ? null : text;
        var found = await accounts.ListAsync(await user.ActorAsync(), new AccountQuery(search, PageSize: MostAccounts), cancellation);
        return found.Rows.Select(account => new AccountName(account.Id, account.Email));
    }

    private void ChooseAccount(AccountName? account)
    {
        if (account?.Id != _address.AccountId)
        {
            Go(_address with { AccountId = account?.Id, Part = account is null ? AccountPart.Any : _address.Part });
        }
    }

    private void Go(HistoryAddress address) => navigation.NavigateTo(PageUrls.History(address.At(null)));

}
