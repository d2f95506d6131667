using System.Globalization;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>What the log is asked for. Each choice leads to another address of the page.</summary>
public sealed partial class LogFilters(KeyPolicyService keys, ChannelCatalog catalog, Person person)
{
    private const string Own = "own";
    private const int MostSuggested = 100;

    private IReadOnlyList<string> _keys = [];
    private IReadOnlyList<GroupOffer> _groups = [];
    private string? _keyText;
    private string? _keyError;
    private long? _shownKey;
    private bool _wantsTimes;

    [Parameter, EditorRequired]
    public LogAddress Address { get; set; } = LogAddress.Default;

    [Parameter]
    public EventCallback<LogAddress> Chosen { get; set; }

    private bool ShowsTimes => _wantsTimes || Address.HasOwnRange;

    protected override async Task OnInitializedAsync()
    {
        var actor = await person.ActorAsync();
        _groups = await catalog.ListGroupsAsync(actor);
        _keys = [.. (await keys.ListAsync(actor, new KeyQuery(Sort: KeySort.LastUsed, PageSize: MostSuggested))).Keys.Select(key => key.Name)];
    }

    protected override async Task OnParametersSetAsync()
    {
        if (Address.KeyId != _shownKey)
        {
            _shownKey = Address.KeyId;
            _keyError = null;
            _keyText = Address.KeyId is { } id ? (await keys.FindAsync(await person.ActorAsync(), id))?.Name ?? "A deleted key" : null;
        }
    }

    private Task GoAsync(LogAddress address) => Chosen.InvokeAsync(address with { Before = null });

    private Task ChooseRange(ChangeEventArgs change)
    {
        _wantsTimes = Text(change) == Own;
        return _wantsTimes ? Task.CompletedTask : GoAsync(Address with { Range = Text(change)!, From = null, To = null });
    }

    private Task ChooseTimeAsync(ChangeEventArgs change, bool isFrom)
    {
        DateTimeOffset? instant = DateTime.TryParse(Text(change), CultureInfo.InvariantCulture, out var local) ? Instant(local) : null;
        return GoAsync(isFrom ? Address with { From = instant } : Address with { To = instant });
    }

    private async Task ChooseKeyAsync(ChangeEventArgs change)
    {
        var text = Text(change);
        _keyError = null;
        // What was typed stays in the box if it is wrong; a secret leaves it.
        _keyText = text is not null && PastedSecret.IsIn(text) ? null : text;
        var key = text is null ? null : await FindKeyAsync(text);
        if (text is null || key is not null)
        {
            (_shownKey, _keyText) = (key?.Id, key?.Name);
            await GoAsync(Address with { KeyId = key?.Id });
        }
        else
        {
            _keyError = "None of your keys is called so.";
        }
    }

    private async Task<KeyDetails?> FindKeyAsync(string text)
    {
        var actor = await person.ActorAsync();
        if (PastedSecret.IsIn(text))
        {
            return await keys.RecogniseAsync(actor, PastedSecret.In(text));
        }

        var found = (await keys.ListAsync(actor, new KeyQuery(text, Sort: KeySort.Name, Descending: false))).Keys;
        return found.FirstOrDefault(key => key.Name.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? (found is [var only] ? only : null);
    }

    /// <summary>As the person's clock showed it; of an hour that a clock skips, the instant at which it does.</summary>
    private DateTimeOffset Instant(DateTime local)
    {
        var unzoned = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        return new DateTimeOffset(unzoned, person.Zone.GetUtcOffset(unzoned)).ToUniversalTime();
    }

    private string? Local(DateTimeOffset? instant) => instant is { } at
        ? TimeZoneInfo.ConvertTime(at, person.Zone).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)
        : null;

    private static string? Text(ChangeEventArgs change) => string.IsNullOrWhiteSpace((string?)change.Value) ? null : ((string)change.Value).Trim();

    private static long? Id(ChangeEventArgs change) => long.TryParse(Text(change), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
