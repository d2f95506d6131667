using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>
/// Everything about the catalogue of models that stands in its address. What an address gets wrong is read as the default.
/// </summary>
/// <param name="Search">A part of a model's id; null is everything.</param>
/// <param name="Group">By which the model is served; null is any.</param>
/// <param name="Api">By which it can be called; null is any.</param>
/// <param name="Page">Counted from 1; one behind the last shows the last.</param>
public sealed record ModelListAddress(string? Search = null, long? Group = null, UpstreamApi? Api = null, int Page = 1)
{
    public static ModelListAddress Default { get; } = new();

    public bool IsFiltered => Search is not null || Group is not null || Api is not null;

    public static ModelListAddress Read(string? search, long? group, string? api, int? page) => new(
        QueryText.ReadText(search), group, UpstreamApis.All.Cast<UpstreamApi?>().FirstOrDefault(a => SlugOf(a!.Value) == api), QueryText.ReadPage(page));

    /// <summary>The part of the address behind <c>catalog</c>; empty for the default.</summary>
    public string ToQueryString() => new QueryText()
        .Add("q", Search)
        .Add("group", Group)
        .Add("api", Api is { } api ? SlugOf(api) : null)
        .AddPage(Page)
        .ToString();

    public ModelListAddress Searching(string? text) => this with { Search = QueryText.Typed(text), Page = 1 };

    public IReadOnlyList<CatalogModel> Of(IEnumerable<CatalogModel> models) =>
    [
        .. models.Where(m => (Search is not { } text || m.Name.Contains(text, StringComparison.OrdinalIgnoreCase))
            && (Group is not { } group || m.Groups.Any(g => g.Id == group))
            && (Api is not { } api || m.Apis.Contains(api))),
    ];

    private static string SlugOf(UpstreamApi api) => api.Path()[1..].Replace('/', '-');
}
