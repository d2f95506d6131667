using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Search;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.Layout;

public sealed partial class CommandPalette(CommandSearch search, CurrentUser user, NavigationManager navigation, TimeProvider clock, ILogger<CommandPalette> log)
{
    private const string Placeholder = "Search pages, actions and keys";

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(150);

    private MudTextField<string> _field = default!;
    private string _text = "";
    private IReadOnlyList<SearchHit> _hits = [];
    private int _active;
    private bool _isRead;
    private bool _isFailed;
    private ITimer? _timer;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    private string Found => (_isRead, _isFailed, _hits.Count) switch
    {
        (false, _, _) => "",
        (_, true, _) => "Couldn't search. Try again.",
        (_, _, 0) => $"No results for “{_text.Trim()}”",
        (_, _, 1) => "1 result",
        (_, _, var count) => FormattableString.Invariant($"{count} results"),
    };

    public void Dispose() => _timer?.Dispose();

    protected override Task OnInitializedAsync() => SearchAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // Wait until the dialog has recorded the focused element, to which it returns the focus.
            await Task.Yield();
            await _field.FocusAsync();
        }
    }

    private void Type(string? text)
    {
        _text = text ?? "";
        _timer?.Dispose();
        _timer = clock.CreateTimer(_ => _ = InvokeAsync(SearchAsync), null, _pause, Timeout.InfiniteTimeSpan);
    }

    private async Task SearchAsync()
    {
        _timer?.Dispose();
        _timer = null;
        var text = _text;
        try
        {
            var hits = await search.FindAsync(await user.ActorAsync(), text);
            // The results of an earlier text must not overwrite newer ones.
            if (text == _text)
            {
                (_hits, _active, _isRead, _isFailed) = (hits, 0, true, false);
            }
        }
        catch (AccessDeniedException)
        {
            navigation.NavigateTo(PageUrls.LogIn(navigation), forceLoad: true);
        }
        catch (Exception error)
        {
            LogFailure(error);
            (_hits, _isRead, _isFailed) = ([], true, true);
        }

        StateHasChanged();
    }

    private async Task PressAsync(KeyboardEventArgs key)
    {
        if (key is not ({ Key: "ArrowDown" or "ArrowUp" } or { Key: "Enter", IsComposing: false }))
        {
            return;
        }

        // A key press refers to the current text, even if it hasn't been searched for yet.
        if (_timer is not null)
        {
            await SearchAsync();
        }

        if (_hits is [])
        {
            return;
        }

        switch (key.Key)
        {
            case "ArrowDown":
                _active = (_active + 1) % _hits.Count;
                break;
            case "ArrowUp":
                _active = (_active + _hits.Count - 1) % _hits.Count;
                break;
            default:
                var url = _hits[_active].Url;
                Dialog.Close();
                navigation.NavigateTo(url);
                break;
        }
    }

    private static string OptionId(int index) => FormattableString.Invariant($"palette-option-{index}");

    private static string Heading(SearchKind kind) => kind switch
    {
        SearchKind.Page => "Pages",
        SearchKind.Action => "Actions",
        SearchKind.Key => "API keys",
        SearchKind.Account => "Accounts",
        SearchKind.Channel => "Channels",
        SearchKind.Group => "Channel groups",
    };

    private static string IconOf(SearchHit hit) => hit.Kind switch
    {
        SearchKind.Page => MainNavigation.IconOf(hit.Url) ?? Icons.Material.Outlined.AccountCircle,
        SearchKind.Action => Icons.Material.Outlined.Bolt,
        SearchKind.Key => Icons.Material.Outlined.VpnKey,
        SearchKind.Account => Icons.Material.Outlined.Person,
        SearchKind.Channel => Icons.Material.Outlined.Hub,
        SearchKind.Group => Icons.Material.Outlined.Layers,
    };

    [LoggerMessage(LogLevel.Error, "The command palette could not search.")]
    private partial void LogFailure(Exception error);
}
