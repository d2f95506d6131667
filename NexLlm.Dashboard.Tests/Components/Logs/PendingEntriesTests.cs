using NexLlm.Dashboard.Components.Logs;
using NexLlm.Dashboard.Logs;

namespace NexLlm.Dashboard.Tests.Components.Logs;

/// <summary>What came to an open page and is not shown yet.</summary>
public sealed class PendingEntriesTests
{
    [Fact]
    public void A_line_that_is_told_of_again_is_no_new_one_and_counts_the_requests_that_share_it()
    {
        var fresh = new PendingEntries(most: 10);

        Assert.Equal(2, fresh.Add(News(Line(5), Line(4)), id => id <= 3));
        Assert.Equal(0, fresh.Add(News(Line(5, requests: 8), Line(3, requests: 2)), id => id <= 3));

        Assert.Equal(2, fresh.Count);
        var (lines, isCut) = fresh.OnTopOf([Line(3), Line(2)], oldest: 2);
        Assert.Equal([(5, 8), (4, 1), (3, 2), (2, 1)], lines.Select(line => (line.Id, line.Requests)));
        Assert.False(isCut);
    }

    [Fact]
    public void Behind_a_gap_nothing_is_shown_for_lines_between_are_missing()
    {
        var fresh = new PendingEntries(most: 10);
        fresh.Add(new LogUpdate([Line(9), Line(8)], IsGap: true), _ => false);

        var (lines, isCut) = fresh.OnTopOf([Line(3)], oldest: 0);

        Assert.Equal([9, 8], lines.Select(line => line.Id));
        Assert.True(isCut);
    }

    [Fact]
    public void A_page_that_stays_paused_keeps_the_newest_lines_and_counts_them_all()
    {
        var fresh = new PendingEntries(most: 3);
        for (var id = 1; id <= 100; id++)
        {
            fresh.Add(News(Line(id)), _ => false);
        }

        var (lines, isCut) = fresh.OnTopOf([], oldest: 0);

        Assert.Equal(100, fresh.Count);
        Assert.Equal([100, 99, 98], lines.Select(line => line.Id));
        Assert.False(isCut);
        Assert.True(fresh.OnTopOf([Line(0)], oldest: 0).IsCut);
    }

    [Fact]
    public void What_is_older_than_the_page_belongs_to_the_next()
    {
        var fresh = new PendingEntries(most: 10);
        fresh.Add(News(Line(7), Line(1)), _ => false);

        Assert.Equal([7, 5], fresh.OnTopOf([Line(5)], oldest: 5).Lines.Select(line => line.Id));
    }

    private static LogUpdate News(params LogEntry[] lines) => new(lines, IsGap: false);

    private static LogEntry Line(long id, long requests = 1) => new(
        id, default, $"req_{id}", null, null, null, false, null, null, null, null, 200, null, 0, 0, 0, default, null, default, null, requests, null);
}
