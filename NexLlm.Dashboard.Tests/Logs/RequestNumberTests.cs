using CsCheck;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Logs;

public sealed class RequestNumberTests
{
    private static readonly Gen<long> _numbers = Gen.Long[0, RequestNumber.FirstAt(new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero))];

    [Fact]
    public void An_id_carries_its_number_and_sorts_as_it_does() => Gen.Select(_numbers, _numbers).Sample((a, b) =>
    {
        var (first, second) = (RequestNumber.NewId(a), RequestNumber.NewId(b));
        Assert.Equal(28, first.Length);
        Assert.True(RequestNumber.TryParse(first, out var read));
        Assert.Equal(a, read);
        Assert.Equal(Math.Sign(a.CompareTo(b)), a == b ? 0 : Math.Sign(string.CompareOrdinal(first, second)));
    });

    [Fact]
    public void A_number_says_when_its_request_came_to_the_millisecond()
    {
        var at = new DateTimeOffset(2026, 11, 24, 3, 14, 15, 926, TimeSpan.Zero);

        Assert.Equal(at, RequestNumber.At(RequestNumber.FirstAt(at)));
        Assert.Equal(at, RequestNumber.At(RequestNumber.FirstAt(at) + 4095));
    }

    [Fact]
    public void Two_ids_of_one_number_differ_in_what_nobody_can_guess() =>
        Assert.NotEqual(RequestNumber.NewId(5)[15..], RequestNumber.NewId(5)[15..]);

    [Theory]
    [InlineData("")]
    [InlineData("req_")]
    [InlineData("req_0000000000000000000000000")]
    [InlineData("REQ_000000000000000000000000")]
    [InlineData("req_00000000000i000000000000")]
    [InlineData("req_000000000000000000000É00")]
    [InlineData("5f2c1d9e8b7a4c3d9e0f1a2b3c4d")]
    public void What_is_no_id_has_no_number(string text) => Assert.False(RequestNumber.TryParse(text, out _));

    [Fact]
    public void Every_request_has_a_number_of_its_own_however_many_come_at_once_and_whatever_the_clock_does()
    {
        using var app = new FixedClock(NexLlmApp.Start);
        var numbers = new RequestNumbers(app);
        var given = new long[8][];
        Parallel.For(0, given.Length, i => given[i] = [.. Enumerable.Range(0, 5_000).Select(_ => numbers.Next())]);
        app.Now = NexLlmApp.Start.AddSeconds(-30);
        var after = numbers.Next();

        Assert.Equal(40_000, given.SelectMany(g => g).Distinct().Count());
        Assert.All(given, g => Assert.Equal(g.Order(), g));
        Assert.True(after > given.Max(g => g[^1]));
    }

    [Fact]
    public void A_clock_that_was_wrong_is_not_believed_for_ever()
    {
        using var app = new FixedClock(NexLlmApp.Start.AddYears(1));
        var numbers = new RequestNumbers(app);
        numbers.Next();
        app.Now = NexLlmApp.Start;

        Assert.Equal(NexLlmApp.Start, RequestNumber.At(numbers.Next()));
        Assert.Equal(1, numbers.Next() - RequestNumber.FirstAt(NexLlmApp.Start));
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider, IDisposable
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;

        public void Dispose()
        {
        }
    }
}
