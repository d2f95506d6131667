using System.Globalization;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>The filters of the log. Each choice navigates to another URL of the page.</summary>
public sealed partial class LogFilters(KeyPolicyService keys, KeyAdministration everyKey, ChannelCatalog catalog, CurrentUser user)
{
    private const string Own = "own";
    private const int MostKeys = 20;
    private const string Time = @"hh\:mm";
    private const string TimeToTheSecond = @"hh\:mm\:ss";

    private MudAutocomplete<KeyChoice>? _keyField;
    private KeyChoice? _key;
    private IReadOnlyList<GroupOffer> _groups = [];
    private DateRange? _dates;
    private string? _fromTime;
    private string? _toTime;
    private string? _timeError;
    private bool _wantsTimes;
    private bool _isUnfolded;
    private LogAddress? _shown;
    private LogAddress? _chosen;

    [Parameter, EditorRequired]
    public LogAddress Address { get; set; } = LogAddress.Default;

    /// <summary>Whether other accounts' requests are included, so that their keys can be selected.</summary>
    [Parameter]
    public bool IsOfEverybody { get; set; }

    [Parameter]
    public EventCallback<LogAddress> Chosen { get; set; }

    /// <summary>Includes the number of filters, because the fields are collapsed on a phone.</summary>
    private string FoldWords => new object?[] { Address.KeyId, Address.Model, Address.GroupId, Address.Status, Address.RequestId }.Count(choice => choice is not null) is > 0 and var count
        ? $"Filters ({count})"
        : "Filters";

    private string Zone => user.Zone.Id;

    private bool ShowsTimes => _wantsTimes || Address.HasOwnRange;

    /// <summary>0 for any group. A deleted group is offered while it is selected.</summary>
    private IEnumerable<long> GroupIds => new long[] { 0 }.Concat(_groups.Select(group => group.Id)).Append(Address.GroupId ?? 0).Distinct();

    /// <summary>Blank for any status.</summary>
    private IEnumerable<string> Statuses =>
        new[] { "", LogAddress.Answered, LogAddress.Failed }.Concat(LogStatus.Numbers.Select(offer => offer.Number)).Concat(LogStatus.Codes)
            .Concat(Address.Status is { } other && !LogStatus.IsOffered(other) ? [other] : []);

    protected override async Task OnInitializedAsync() => _groups = await catalog.ListGroupsAsync(await user.ActorAsync());

    protected override async Task OnParametersSetAsync()
    {
        if (Address != _shown)
        {
            // After any navigation other than a choice here, such as Back, only the URL determines what is shown.
            _wantsTimes &= Address == _chosen;
            _shown = Address;
            ShowTimes();
        }

        if (Address.KeyId != _key?.Id)
        {
            _key = Address.KeyId is { } id ? new KeyChoice(id, await NameAsync(id)) : null;
        }
    }

    private Task GoAsync(LogAddress address)
    {
        _chosen = address.FirstPage;
        return Chosen.InvokeAsync(_chosen);
    }

    private Task ChooseRangeAsync(string? range)
    {
        // Pressing the selected one reports no choice.
        if (range is null)
        {
            return Task.CompletedTask;
        }

        _wantsTimes = range == Own;
        return _wantsTimes ? Task.CompletedTask : GoAsync(Address with { Range = range, From = null, To = null });
    }

    /// <summary>Days count in full until times are entered.</summary>
    private Task ChooseDatesAsync(DateRange? dates)
    {
        _dates = dates;
        return ChooseTimesAsync();
    }

    private Task ChooseTimeAsync(string? text, bool isFrom)
    {
        (_fromTime, _toTime) = isFrom ? (text, _toTime) : (_fromTime, text);
        return ChooseTimesAsync();
    }

    /// <summary>Applies the fields to the URL. If an hour occurs twice, the range includes both.</summary>
    private Task ChooseTimesAsync()
    {
        _timeError = null;
        if (new[] { _dates?.Start, _dates?.End }.Any(day => day is { } date && !LocalTime.IsPlausible(date)))
        {
            _timeError = "Enter a date after 1970.";
            return Task.CompletedTask;
        }

        if (!TryTime(_fromTime, out var from) || !TryTime(_toTime, out var to))
        {
            _timeError = "Enter a time such as 14:30.";
            return Task.CompletedTask;
        }

        return GoAsync(Address with
        {
            From = Instant(_dates?.Start, from ?? TimeSpan.Zero, isLater: false),
            // Without a time, the last day ends when the next begins.
            To = Instant(_dates?.End, to ?? TimeSpan.FromDays(1), isLater: to is not null),
        });

        DateTimeOffset? Instant(DateTime? day, TimeSpan time, bool isLater) =>
            day is { } date ? LocalTime.Instant(date.Date + time, user.Zone, isLater) : null;
    }

    /// <summary>Applies the URL to the fields.</summary>
    private void ShowTimes()
    {
        var (from, to) = (Local(Address.From), Local(Address.To));
        // An end at midnight belongs to the previous day.
        var endsWithDay = to is { TimeOfDay.Ticks: 0, Ticks: > 0 };
        _dates = from is null && to is null ? null : new DateRange(from?.Date, endsWithDay ? to?.Date.AddDays(-1) : to?.Date);
        _fromTime = Text(from is { TimeOfDay.Ticks: 0 } ? null : from?.TimeOfDay);
        _toTime = Text(endsWithDay ? null : to?.TimeOfDay);
        _timeError = null;
    }

    private DateTime? Local(DateTimeOffset? instant) => instant is { } at ? TimeZoneInfo.ConvertTime(at, user.Zone).DateTime : null;

    private static string? Text(TimeSpan? time) => time?.ToString(time.Value.Seconds == 0 ? Time : TimeToTheSecond, CultureInfo.InvariantCulture);

    /// <summary>Also true for a blank time.</summary>
    private static bool TryTime(string? text, out TimeSpan? time)
    {
        time = TimeSpan.TryParseExact(text, [Time, TimeToTheSecond], CultureInfo.InvariantCulture, out var known) ? known : null;
        return time is not null || string.IsNullOrWhiteSpace(text);
    }

    private Task ChooseKeyAsync(KeyChoice? key)
    {
        _key = key;
        return key?.Id == Address.KeyId ? Task.CompletedTask : GoAsync(Address with { KeyId = key?.Id });
    }

    private Task ChooseModelAsync(string? model) =>
        (string.IsNullOrWhiteSpace(model) ? null : model) is var chosen && chosen == Address.Model ? Task.CompletedTask : GoAsync(Address with { Model = chosen });

    /// <summary>Recently used keys until something is typed. A secret is resolved to its key and removed from the field.</summary>
    private async Task<IEnumerable<KeyChoice>> FindKeysAsync(string? text, CancellationToken cancellation)
    {
        var actor = await user.ActorAsync();
        if (text is not null && PastedSecret.IsIn(text))
        {
            var found = await keys.RecogniseAsync(actor, PastedSecret.In(text), cancellation);
            if (found is null)
            {
                await _keyField!.ClearAsync();
                return [];
            }

            // Set through the field, which otherwise keeps its text while it has the focus.
            var choice = new KeyChoice(found.Id, found.Name);
            await _keyField!.SelectOptionAsync(choice);
            return [choice];
        }

        // The text already in the field is the current choice, not a search.
        var search = string.IsNullOrWhiteSpace(text) || text == _key?.Name ? null : text.Trim();
        var own = await keys.ListAsync(actor, new KeyQuery(search, Sort: KeySort.LastUsed, PageSize: MostKeys), cancellation);
        var choices = own.Keys.Select(key => new KeyChoice(key.Id, key.Name));
        if (!IsOfEverybody || search is null)
        {
            return choices;
        }

        return choices.Concat((await everyKey.FindAsync(actor, search, MostKeys, cancellation)).Where(found => found.Key.OwnerId != actor.AccountId)
            .Select(found => new KeyChoice(found.Key.Id, found.Key.Name, found.OwnerEmail)));
    }

    /// <summary>The served models and the typed text, because any model may have been requested.</summary>
    private Task<IEnumerable<string>> FindModelsAsync(string? text, CancellationToken cancellation)
    {
        var models = _groups.SelectMany(group => group.Models).Distinct().Order(StringComparer.Ordinal);
        if (string.IsNullOrEmpty(text) || text == Address.Model)
        {
            return Task.FromResult<IEnumerable<string>>(models);
        }

        var found = models.Where(model => model.Contains(text, StringComparison.OrdinalIgnoreCase)).ToList();
        return Task.FromResult<IEnumerable<string>>(found.Contains(text) ? found : [text, .. found]);
    }

    private async Task<string> NameAsync(long id) =>
        (await keys.NamesAsync(await user.ActorAsync(), [id])).GetValueOrDefault(id) is { } key
            ? key.IsDeleted ? $"{key.Name} (deleted)" : key.Name
            : "Unknown key";

    private string GroupName(long id) => id == 0 ? "Any" : _groups.FirstOrDefault(group => group.Id == id)?.Name ?? "Deleted group";

    private static string StatusName(string? status) => status switch
    {
        null or "" => "Any",
        LogAddress.Answered => "Succeeded",
        LogAddress.Failed => "Failed",
        _ => LogStatus.Numbers.FirstOrDefault(offer => offer.Number == status).Words ?? status,
    };

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>A key to choose from.</summary>
    /// <param name="Owner">The owner's email if it is another person's key.</param>
    private sealed record KeyChoice(long Id, string Name, string? Owner = null);
}
