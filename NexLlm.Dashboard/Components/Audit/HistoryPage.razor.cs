using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.History;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Components.Audit;

public sealed partial class HistoryPage(
    ChangeHistory history, AccountService own, AccountList accounts, KeyPolicyService keyService, Person person, NavigationManager navigation,
    ILogger<HistoryPage> log)
{
    private HistoryAddress _address = HistoryAddress.Default;
    private Page<HistoryEntry>? _page;
    private IReadOnlyDictionary<long, KeyLabel> _keys = new Dictionary<long, KeyLabel>();
    private bool _isAdministrator;
    private bool _failed;
    private string? _accountTyped;
    private string? _accountError;
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

    /// <summary>Only administrators have channels to do with.</summary>
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

    private async Task LoadAsync()
    {
        try
        {
            var actor = await person.ActorAsync();
            var address = _address;
            _isAdministrator = (await own.GetAsync(actor)).IsAdministrator;
            var page = await Task.Run(() => history.SearchAsync(actor, address.ToQuery(person.Zone)));
            var names = await keyService.NamesAsync(actor, [.. page.Rows.Select(e => e.KeyId).Append(address.KeyId).OfType<long>().Distinct()]);
            if (_isAdministrator)
            {
                _accountTyped = address.AccountId is { } id ? (await accounts.FindAsync(actor, id))?.Email : null;
            }

            if (address == _address)
            {
                (_page, _keys, _failed, _accountError) = (page, names, false, null);
                _announcement = page.Rows.Count == 1 ? "1 event." : $"{page.Rows.Count} events on this page.";
            }
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            _failed = true;
        }
    }

    private void ChoosePart(ChangeEventArgs change) => Go(_address with { Part = Enum.Parse<AccountPart>((string)change.Value!) });

    private async Task ChooseAccountAsync(ChangeEventArgs change)
    {
        _accountTyped = ((string?)change.Value)?.Trim();
        _accountError = null;
        if (string.IsNullOrEmpty(_accountTyped))
        {
            Go(_address with { AccountId = null, Part = AccountPart.Any });
            return;
        }

        var found = await accounts.ListAsync(await person.ActorAsync(), new AccountQuery(_accountTyped, PageSize: 2));
        var account = found.Rows.FirstOrDefault(a => string.Equals(a.Email, _accountTyped, StringComparison.OrdinalIgnoreCase))
            ?? (found.Rows is [var only] ? only : null);
        if (account is null)
        {
            _accountError = found.Rows is [] ? "No account with this email." : "Several accounts match. Enter the full email address.";
        }
        else
        {
            Go(_address with { AccountId = account.Id });
        }
    }

    private void Go(HistoryAddress address) => navigation.NavigateTo(PageUrls.History(address.At(null)));

    private static DateOnly? DayOf(ChangeEventArgs change) => HistoryAddress.ReadDay((string?)change.Value);

    private string At(PageCursor? cursor) => PageUrls.History(_address.At(cursor));

    [LoggerMessage(LogLevel.Error, "The history could not be read.")]
    private partial void LogFailure(Exception error);
}
