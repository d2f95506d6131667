using NexLlm.Dashboard.Channels.Administration;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>The columns that the channels can be sorted by.</summary>
public enum ChannelSort
{
    Name,
    Priority,
    Errors,
}

/// <summary>
/// Everything about the list of channels that stands in its address. What an address gets wrong is read as the default. There
/// are so few channels that the page itself searches and sorts them.
/// </summary>
/// <param name="Search">A part of a channel's, a model's or a group's name; null is everything.</param>
/// <param name="Page">Counted from 1; one behind the last shows the last.</param>
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

    /// <summary>The part of the address behind <c>channels</c>; empty for the default.</summary>
    public string ToQueryString() => new QueryText()
        .Add("q", Search)
        .Add("sort", _sorts.Write(Sort))
        .AddDirection(Descending, DescendsFirst(Sort))
        .AddPage(Page)
        .ToString();

    public ChannelListAddress Searching(string? text) => this with { Search = QueryText.Typed(text), Page = 1 };

    /// <summary>Ordered by this column; by the column that orders already, the other way round.</summary>
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

    // What people look for first: what is tried first, and what fails most, but A before Z.
    private static bool DescendsFirst(ChannelSort sort) => sort is not ChannelSort.Name;

    private static IEnumerable<string> Names(ChannelDetails channel) =>
        [channel.Name, .. channel.Models.Select(m => m.Name), .. channel.Groups.Select(g => g.Name)];
}
