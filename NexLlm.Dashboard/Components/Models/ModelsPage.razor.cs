using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.Models;

/// <summary>All models a key can use, for everyone; reloaded when channels or their health change.</summary>
public sealed partial class ModelsPage(
    ModelCatalog catalog, CurrentUser user, ChannelChanges changes, ChannelHealthChanges health, NavigationManager navigation, TimeProvider time, ILogger<ModelsPage> log)
    : LivePage(log)
{
    private IReadOnlyList<CatalogModel>? _models;
    private ModelListAddress _address = ModelListAddress.Default;

    [SupplyParameterFromQuery(Name = "q")]
    private string? SearchText { get; set; }

    [SupplyParameterFromQuery(Name = "group")]
    private long? GroupId { get; set; }

    [SupplyParameterFromQuery(Name = "api")]
    private string? ApiSlug { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    private int? PageNumber { get; set; }

    private IEnumerable<CatalogGroup> Groups => _models!.SelectMany(m => m.Groups).DistinctBy(g => g.Id).OrderBy(g => g.Name, StringComparer.OrdinalIgnoreCase);

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override void OnParametersSet() => _address = ModelListAddress.Read(SearchText, GroupId, ApiSlug, PageNumber);

    protected override void Listen() => Own(new ModelsRefresh(changes, health, time, RefreshAsync));

    protected override async Task ReadAsync() => _models = await catalog.ListAsync(await user.ActorAsync());

    private void Show(ModelListAddress address) => navigation.NavigateTo(PageUrls.Models(address), replace: true);

    private string NameOfGroup(long? id) => Groups.FirstOrDefault(g => g.Id == id) is { } group ? ModelText.GroupOf(group) : "";
}
