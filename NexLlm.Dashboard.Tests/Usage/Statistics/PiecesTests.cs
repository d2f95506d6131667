using CsCheck;
using NexLlm.Dashboard.Usage.RollUp;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Tests.Usage.Statistics;

public sealed class PiecesTests
{
    private static readonly DateTimeOffset _day = new(2040, 3, 28, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_pieces_of_a_stretch_fill_it_without_a_gap_each_at_a_beginning_of_its_kind() =>
        Gen.Select(Gen.Int[0, 400], Gen.Int[0, 4_000], Gen.Enum<UsagePeriod>()).Sample((from, length, longest) =>
        {
            var (start, end) = (_day.AddMinutes(15 * from), _day.AddMinutes(15 * (from + length)));
            var at = start.ToUnixTimeMilliseconds();
            foreach (var (period, piece) in Pieces.Of(start, end, longest))
            {
                Assert.Equal(at, piece);
                Assert.Equal(piece, period.StartOf(piece));
                Assert.True(period <= longest);
                at += period.Length();
            }

            Assert.Equal(end.ToUnixTimeMilliseconds(), at);
        });

    [Fact]
    public void Whole_days_are_read_as_days_and_what_is_left_over_as_hours_and_quarters()
    {
        // India's day begins at 18:30.
        var pieces = Pieces.Of(_day.AddHours(18.5), _day.AddDays(3).AddHours(18.5), UsagePeriod.Day).GroupBy(p => p.Period).ToDictionary(p => p.Key, p => p.Count());

        Assert.Equal(new() { [UsagePeriod.Quarter] = 2 + 2, [UsagePeriod.Hour] = 5 + 18, [UsagePeriod.Day] = 2 }, pieces);
    }
}
