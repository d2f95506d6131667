using CsCheck;
using NexLlm.Dashboard.Usage.RollUp;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Tests.Usage.Statistics;

public sealed class PeriodSplitterTests
{
    private static readonly DateTimeOffset _day = new(2040, 3, 28, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_pieces_of_a_stretch_fill_it_without_a_gap_each_at_a_beginning_of_its_kind() =>
        Gen.Select(Gen.Int[0, 400], Gen.Int[0, 4_000], Gen.Enum<UsagePeriod>()).Sample((from, length, longest) =>
        {
            var (start, end) = (_day.AddMinutes(15 * from), _day.AddMinutes(15 * (from + length)));
            var at = start.ToUnixTimeMilliseconds();
            foreach (var (period, piece) in PeriodSplitter.Split(start, end, longest))
            {
                Assert.Equal(at, piece);
                Assert.Equal(piece, period.StartOf(piece));
                Assert.True(period <= longest);
                at += period.Length();
            }

            Assert.Equal(end.ToUnixTimeMilliseconds(), at);
        });

    // India's day begins at 18:30, Nepal's at 18:15.
    [Theory]
    [InlineData(30, 0, 2)]
    [InlineData(15, 2, 1)]
    public void Whole_days_are_read_as_days_and_what_is_left_over_as_hours_and_parts_of_them(int minutes, int quarters, int halfHours)
    {
        var start = _day.AddHours(18).AddMinutes(minutes);
        var pieces = PeriodSplitter.Split(start, start.AddDays(3), UsagePeriod.Day).CountBy(p => p.Period).ToDictionary();

        Assert.Equal(quarters, pieces.GetValueOrDefault(UsagePeriod.Quarter));
        Assert.Equal(halfHours, pieces[UsagePeriod.HalfHour]);
        Assert.Equal(5 + 18, pieces[UsagePeriod.Hour]);
        Assert.Equal(2, pieces[UsagePeriod.Day]);
    }
}
