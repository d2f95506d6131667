using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>The state of the model catalog that is part of its URL. Invalid values are read as the default.</summary>
/// <param name="Search">Part of a model's ID; null for everything.</param>
/// <param name="Group">A group that serves the model; null for any.</param>
/// <param name="Api">An API of the model; null for any.</param>
/// <param name="Page">Starts at 1; beyond the last page, the last one is shown.</param>
public sealed record ModelListAddress(string? Search = null, long? Group = null, UpstreamApi? Api = null, int Page = 1)
{
    public static ModelListAddress Default { get; } = new();

    public bool IsFiltered => Search is not null || Group is not null || Api is not null;

    public static ModelListAddress Read(string? search, long? group, string? api, int? page) => new(
        QueryText.ReadText(search), group, UpstreamApis.All.Cast<UpstreamApi?>().FirstOrDefault(a => SlugOf(a!.Value) == api), QueryText.ReadPage(page));

    /// <summary>The part of the URL after <c>catalog</c>; empty for the default.</summary>
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
