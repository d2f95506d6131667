using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.Models;

/// <summary>One model: its capabilities, prices and examples.</summary>
public sealed partial class ModelPage(
    ModelCatalog catalog, CurrentUser user, ChannelChanges changes, ChannelHealthChanges health, NavigationManager navigation, TimeProvider time, ILogger<ModelPage> log)
    : LivePage(log)
{
    private static readonly IReadOnlyList<(string Label, string Url)> _trail = [("Models", PageUrls.Models())];

    private IReadOnlyList<CatalogModel>? _all;
    private CatalogModel? _model;
    private IReadOnlyList<ModelExample> _examples = [];
    private UpstreamApi? _api;

    /// <summary>The model's ID, which may contain characters with a special meaning in URLs.</summary>
    [SupplyParameterFromQuery(Name = "model")]
    private string? Name { get; set; }

    private ModelExample? Example => _examples.FirstOrDefault(e => e.Api == _api) ?? (_examples is [var first, ..] ? first : null);

    protected override Task OnParametersSetAsync() => _all is not null && _model?.Name == Name ? Task.CompletedTask : LoadAsync();

    protected override void Listen() => Own(new ModelsRefresh(changes, health, time, RefreshAsync));

    protected override async Task ReadAsync()
    {
        _all = await catalog.ListAsync(await user.ActorAsync());
        _model = _all.FirstOrDefault(m => m.Name == Name);
        _examples = _model is null ? [] : ModelExample.All($"{navigation.BaseUri}v1", _model);
    }
}
