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
    private LogAddress? _shown;
    private LogAddress? _chosen;

    [Parameter, EditorRequired]
    public LogAddress Address { get; set; } = LogAddress.Default;

    /// <summary>Others' requests are shown too.</summary>
    [Parameter]
    public bool IsOfEverybody { get; set; }

    [Parameter]
    public EventCallback<LogAddress> Chosen { get; set; }

    private string Zone => person.Zone.Id;

    private bool ShowsTimes => _wantsTimes || Address.HasOwnRange;

    protected override async Task OnInitializedAsync()
    {
        var actor = await person.ActorAsync();
        _groups = await catalog.ListGroupsAsync(actor);
        _keys = [.. (await keys.ListAsync(actor, new KeyQuery(Sort: KeySort.LastUsed, PageSize: MostSuggested))).Keys.Select(key => key.Name)];
    }

    protected override async Task OnParametersSetAsync()
    {
        if (Address != _shown)
        {
            // Where something else than a choice here led, such as the way back, the address alone says what is shown.
            _wantsTimes &= Address == _chosen;
            _shown = Address;
        }

        if (Address.KeyId != _shownKey)
        {
            _shownKey = Address.KeyId;
            _keyError = null;
            _keyText = Address.KeyId is { } id ? await NameAsync(id) : null;
        }
    }

    private Task GoAsync(LogAddress address)
    {
        _chosen = address.FirstPage;
        return Chosen.InvokeAsync(_chosen);
    }

    private Task ChooseRange(ChangeEventArgs change)
    {
        _wantsTimes = Text(change) == Own;
        return _wantsTimes ? Task.CompletedTask : GoAsync(Address with { Range = Text(change)!, From = null, To = null });
    }

    /// <summary>Of an hour that clocks show twice, both belong to the range.</summary>
    private Task ChooseTimeAsync(ChangeEventArgs change, bool isFrom)
    {
        DateTimeOffset? instant = null;
        if (Text(change) is { } text)
        {
            if (!LocalTime.TryParse(text, out var local))
            {
                // A year that is still being typed.
                return Task.CompletedTask;
            }

            instant = LocalTime.Instant(local, person.Zone, isLater: !isFrom);
        }

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
            _keyError = IsOfEverybody
                ? "No key with this name. For another owner's key, paste the key or open Logs on its page."
                : "No key with this name.";
        }
    }

    private async Task<string> NameAsync(long id) =>
        (await keys.NamesAsync(await person.ActorAsync(), [id])).GetValueOrDefault(id) is { } key
            ? key.IsDeleted ? $"{key.Name} (deleted)" : key.Name
            : "Unknown key";

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

    private string? Local(DateTimeOffset? instant) => instant is { } at ? LocalTime.Write(at, person.Zone) : null;

    private static string? Text(ChangeEventArgs change) => string.IsNullOrWhiteSpace((string?)change.Value) ? null : ((string)change.Value).Trim();

    private static long? Id(ChangeEventArgs change) => long.TryParse(Text(change), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
