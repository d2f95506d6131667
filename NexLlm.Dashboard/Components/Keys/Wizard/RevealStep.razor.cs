using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys.Wizard;

/// <summary>Shows a new key's secret, the one time. The page holds it in one element, from which the script copies.</summary>
public sealed partial class RevealStep
{
    private const string NoModel = "your-model";

    private ElementReference _root;
    private ElementReference _dialog;
    private string _baseUrl = "";
    private FirstRequest _request = new(NoModel, UpstreamApi.ChatCompletions);
    private IReadOnlyList<Snippet> _snippets = [];
    private int _chosen;
    private bool _isStored;
    private bool _isLeaving;
    private bool _isReady;

    [Parameter, EditorRequired]
    public KeyDetails Key { get; set; } = default!;

    [Parameter, EditorRequired]
    public KeySecret Secret { get; set; } = default!;

    /// <summary>What the key is tried with; null while it may call no model.</summary>
    [Parameter]
    public FirstRequest? Request { get; set; }

    [Parameter]
    public EventCallback Done { get; set; }

    /// <summary>The key's name as far as every file system takes it.</summary>
    private string FileName => $"{string.Concat(Key.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'))}.env";

    protected override void OnInitialized()
    {
        _baseUrl = $"{Navigation.BaseUri}v1";
        _request = Request ?? _request;
        _snippets = Snippet.All(_baseUrl, _request, Secret.DisplayForm);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        await Script.AttachRevealAsync(_root);
        _isReady = true;
        StateHasChanged();
    }

    private async Task AskAsync(LocationChangingContext context)
    {
        if (_isStored || _isLeaving)
            return;
        _isLeaving = await Script.AskAsync(_dialog);
        if (!_isLeaving)
            context.PreventNavigation();
    }

    private Task MoveAsync(KeyboardEventArgs pressed)
    {
        var last = _snippets.Count - 1;
        int? next = pressed.Key switch
        {
            "ArrowRight" => _chosen == last ? 0 : _chosen + 1,
            "ArrowLeft" => _chosen == 0 ? last : _chosen - 1,
            "Home" => 0,
            "End" => last,
            _ => null,
        };
        if (next is null)
            return Task.CompletedTask;
        _chosen = next.Value;
        return Script.FocusAsync($"example-{_chosen}");
    }
}
