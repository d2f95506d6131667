using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using MudBlazor;
using NexLlm.Dashboard.Components.Keys.Examples;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys.Wizard;

/// <summary>Shows a new key's secret, once. The page holds it in one element, from which the script copies it.</summary>
public sealed partial class RevealStep(KeysScript script, IDialogService dialogs, NavigationManager navigation)
{
    private ElementReference _root;
    private string _baseUrl = "";
    private FirstRequest _request = ExampleModels.Placeholder.Request!;
    private TestableModel? _tried;
    private IReadOnlyList<Snippet> _snippets = [];
    private bool _isStored;
    private bool _isLeaving;
    private bool _isReady;

    [Parameter, EditorRequired]
    public required KeyDetails Key { get; set; }

    [Parameter, EditorRequired]
    public required KeySecret Secret { get; set; }

    /// <summary>The models named in the examples; null if the key can't use any.</summary>
    [Parameter]
    public ExampleModels? Models { get; set; }

    /// <summary>The models the key can be tested with, best first.</summary>
    [Parameter]
    public IReadOnlyList<TestableModel> Testable { get; set; } = [];

    [Parameter]
    public EventCallback Done { get; set; }

    /// <summary>The key's name with only the characters every file system allows.</summary>
    private string FileName => $"{string.Concat(Key.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'))}.env";

    protected override void OnInitialized()
    {
        _baseUrl = $"{navigation.BaseUri}v1";
        _tried = Testable.FirstOrDefault(model => model.Request == Models?.Request);
        Show(Models ?? ExampleModels.Placeholder);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        await script.AttachRevealAsync(_root);
        _isReady = true;
        StateHasChanged();
    }

    private void Show(ExampleModels models)
    {
        _request = models.Request ?? ExampleModels.Placeholder.Request!;
        _snippets = Snippet.All(_baseUrl, models, Secret.DisplayForm);
    }

    private Task<IEnumerable<TestableModel>> SearchAsync(string? search, CancellationToken cancellation) =>
        Task.FromResult(Testable.Where(model => model.Request.Model.Contains(search?.Trim() ?? "", StringComparison.OrdinalIgnoreCase)));

    /// <summary>The examples name the tested model, so that they show a working request.</summary>
    private void Choose(TestableModel? model)
    {
        if (model is null || Models is null)
            return;
        _tried = model;
        Show(Models with { Chosen = model.Request });
    }

    private async Task AskAsync(LocationChangingContext context)
    {
        if (_isStored || _isLeaving)
            return;
        _isLeaving = await dialogs.ConfirmAsync(new Confirmation(
            "Leave without storing the key?", "You won't be able to see it again. If you lose it, you have to replace it.", "Leave", () => Task.CompletedTask));
        if (!_isLeaving)
            context.PreventNavigation();
    }
}
