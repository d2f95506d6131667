using NexLlm.Dashboard.Channels.Administration;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>The sortable columns of the channel list.</summary>
public enum ChannelSort
{
    Name,
    Priority,
    Errors,
}

/// <summary>
/// The state of the channel list that is part of its URL. Invalid values are read as the default. There are so few channels that
/// the page searches and sorts them itself.
/// </summary>
/// <param name="Search">Part of the name of a channel, model or group; null for everything.</param>
/// <param name="Page">Starts at 1; beyond the last page, the last one is shown.</param>
public sealed record ChannelListAddress(string? Search = null, ChannelSort Sort = ChannelSort.Name, bool Descending = false, int Page = 1)
{
    private static readonly Slugs<ChannelSort> _sorts =
        new((ChannelSort.Name, "name"), (ChannelSort.Priority, "priority"), (ChannelSort.Errors, "errors"));

    public static ChannelListAddress Default { get; } = new();

    public static ChannelListAddress Read(string? search, string? sort, string? direction, int? page)
    {
        var order = _sorts.Read(sort);
        return new(QueryText.ReadText(search), order, QueryText.ReadDirection(direction, DescendsFirst(order)), QueryText.ReadPage(page));
    }

    /// <summary>The part of the URL after <c>channels</c>; empty for the default.</summary>
    public string ToQueryString() => new QueryText()
        .Add("q", Search)
        .Add("sort", _sorts.Write(Sort))
        .AddDirection(Descending, DescendsFirst(Sort))
        .AddPage(Page)
        .ToString();

    public ChannelListAddress Searching(string? text) => this with { Search = QueryText.Typed(text), Page = 1 };

    /// <summary>Sorts by this column; reverses the order if it is already the sort column.</summary>
    public ChannelListAddress SortedBy(ChannelSort sort) => this with { Page = 1, Sort = sort, Descending = sort == Sort ? !Descending : DescendsFirst(sort) };

    public IReadOnlyList<ChannelDetails> Of(IEnumerable<ChannelDetails> channels)
    {
        var shown = channels.Where(c => Search is not { } text || Names(c).Any(name => name.Contains(text, StringComparison.OrdinalIgnoreCase)));
        var sorted = (Sort, Descending) switch
        {
            (ChannelSort.Name, false) => shown.OrderBy(c => c.Name, StringComparer.OrdinalIgnoreCase),
            (ChannelSort.Name, true) => shown.OrderByDescending(c => c.Name, StringComparer.OrdinalIgnoreCase),
            (ChannelSort.Priority, false) => shown.OrderBy(c => c.Priority),
            (ChannelSort.Priority, true) => shown.OrderByDescending(c => c.Priority),
            (ChannelSort.Errors, false) => shown.OrderBy(c => c.Health?.ErrorRate),
            (ChannelSort.Errors, true) => shown.OrderByDescending(c => c.Health?.ErrorRate),
        };
        return [.. sorted.ThenBy(c => c.Id)];
    }

    // What users want first: highest priority, most errors, but A before Z.
    private static bool DescendsFirst(ChannelSort sort) => sort is not ChannelSort.Name;

    private static IEnumerable<string> Names(ChannelDetails channel) =>
        [channel.Name, .. channel.Models.Select(m => m.Name), .. channel.Groups.Select(g => g.Name)];
}
