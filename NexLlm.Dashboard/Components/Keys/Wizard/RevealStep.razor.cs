using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using NexLlm.Dashboard.Components.Keys.Examples;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys.Wizard;

/// <summary>Shows a new key's secret, the one time. The page holds it in one element, from which the script copies.</summary>
public sealed partial class RevealStep
{
    private ElementReference _root;
    private ElementReference _dialog;
    private string _baseUrl = "";
    private FirstRequest _request = ExampleModels.Placeholder.Request!;
    private IReadOnlyList<Snippet> _snippets = [];
    private bool _isStored;
    private bool _isLeaving;
    private bool _isReady;

    [Parameter, EditorRequired]
    public KeyDetails Key { get; set; } = default!;

    [Parameter, EditorRequired]
    public KeySecret Secret { get; set; } = default!;

    /// <summary>What the examples name; null while the key can call no model.</summary>
    [Parameter]
    public ExampleModels? Models { get; set; }

    [Parameter]
    public EventCallback Done { get; set; }

    /// <summary>The key's name as far as every file system takes it.</summary>
    private string FileName => $"{string.Concat(Key.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'))}.env";

    protected override void OnInitialized()
    {
        _baseUrl = $"{Navigation.BaseUri}v1";
        _request = Models?.Request ?? _request;
        _snippets = Snippet.All(_baseUrl, Models ?? ExampleModels.Placeholder, Secret.DisplayForm);
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
}
