using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts.History;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Audit;

public sealed partial class RecentActivity(
    ChangeHistory history, AccountService accounts, KeyPolicyService keys, AuditEvents events, CurrentUser user, TimeProvider clock,
    ILogger<RecentActivity> log) : LivePage(log)
{
    private static readonly TimeSpan _atMost = TimeSpan.FromSeconds(1);

    private IReadOnlyList<HistoryEntry>? _entries;
    private IReadOnlyDictionary<long, KeyLabel> _keys = new Dictionary<long, KeyLabel>();
    private bool _isAdministrator;
    private (long? Account, long? Key, int Count)? _shown;
    private Throttle? _refresh;

    /// <summary>Limits the events to those by or about this account; null for everybody.</summary>
    [Parameter]
    public long? AccountId { get; set; }

    /// <summary>Limits the events to those about this key; null for all events.</summary>
    [Parameter]
    public long? KeyId { get; set; }

    /// <summary>The number of events, 1 to 100.</summary>
    [Parameter]
    public int Count { get; set; } = 6;

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != (AccountId, KeyId, Count))
        {
            _shown = (AccountId, KeyId, Count);
            await LoadAsync();
        }
    }

    protected override void Listen()
    {
        _refresh = RefreshAtMost(clock, _atMost);
        Own(events.Subscribe(OnChanged));
    }

    protected override async Task ReadAsync()
    {
        var actor = await user.ActorAsync();
        // Logging in and out changes nothing; the activity log lists it.
        var query = new AuditQuery(AuditText.Changes, AccountId, KeyId: KeyId, PageSize: Count);
        var isAdministrator = (await accounts.GetAsync(actor)).IsAdministrator;
        var page = await Task.Run(() => history.SearchAsync(actor, query));
        _keys = await keys.NamesAsync(actor, [.. page.Rows.Select(e => e.KeyId).OfType<long>().Distinct()]);
        (_entries, _isAdministrator) = (page.Rows, isAdministrator);
    }

    /// <summary>Called for every recorded event; reloads only for events that can appear in this list.</summary>
    private void OnChanged(AuditEvent recorded)
    {
        var concerns = (KeyId is null || recorded.KeyId == KeyId)
            && (AccountId is null || recorded.OwnerId == AccountId || recorded.ActorId == AccountId)
            && AuditText.Changes.Contains(recorded.Action);
        if (concerns)
        {
            _refresh?.Request();
        }
    }
}
