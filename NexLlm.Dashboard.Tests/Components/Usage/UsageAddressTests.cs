using CsCheck;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Tests.Components.Usage;

public sealed class UsageAddressTests
{
    private static readonly Gen<UsageRange> _ranges = Gen.OneOf(
        Gen.Int[0, UsageAddress.Ranges.Count - 1].Select(i => UsageAddress.Ranges[i].Range),
        Gen.Select(Gen.Int[0, 4_000], Gen.Int[0, UsageRange.MaxDays - 1]).Select(d => (UsageRange)new UsageRange.Between(
            new DateOnly(2030, 1, 1).AddDays(d.Item1), new DateOnly(2030, 1, 1).AddDays(d.Item1 + d.Item2))));

    private static readonly Gen<UsageScope?> _scopes = Gen.OneOf(
        Gen.Const((UsageScope?)null), Gen.Const((UsageScope?)new UsageScope.Own()), Gen.Const((UsageScope?)new UsageScope.Everybody()), Gen.Long[1, 1_000].Select(id => (UsageScope?)new UsageScope.OfAccount(id)));

    [Fact]
    public void What_is_written_into_an_address_is_read_from_it() =>
        Gen.Select(_scopes, _ranges, Gen.Enum<UsageStep>(), Gen.Enum<UsageGrouping>(), Gen.Enum<UsageMeasure>(), Gen.OneOf(Gen.Const((string?)null), Gen.Const((string?)"*"), Gen.Const((string?)"gpt-4o mini&more"))).Sample((scope, range, step, grouping, measure, only) =>
        {
            var address = new UsageAddress(range, UsageStep.Day, grouping, measure, scope, only);
            address = address.MayBeByHour ? address with { Step = step } : address;

            Assert.Equal(address, Read(address.ToQueryString()));
        });

    [Fact]
    public void The_default_needs_no_words()
    {
        Assert.Equal("", UsageAddress.Default.ToQueryString());
        Assert.Equal(UsageAddress.Default, Read(""));
    }

    [Theory]
    [InlineData("?days=3")]
    [InlineData("?days=abc&step=year&by=colour&show=all&of=-3")]
    [InlineData("?from=2040-01-02&to=2040-01-01")]
    [InlineData("?from=2040-01-01&to=2040-12-31")]
    [InlineData("?from=0001-01-01&to=0001-01-02")]
    [InlineData("?from=9999-12-30&to=9999-12-31")]
    [InlineData("?from=2040-01-01")]
    [InlineData("?of=99999999999999999999")]
    public void What_an_address_gets_wrong_is_read_as_the_default(string query) => Assert.Equal(UsageAddress.Default, Read(query));

    [Theory]
    [InlineData("?days=month", 0)]
    [InlineData("?days=last-month", 1)]
    public void A_month_is_called_by_its_name(string query, int ago)
    {
        Assert.Equal(new UsageRange.Month(ago), Read(query).Range);
        Assert.True(Read(query).MayBeByHour);
    }

    [Fact]
    public void What_is_told_apart_by_something_else_is_not_chosen_any_more() =>
        Assert.Equal("?by=key", Read("?only=gpt-4o").By(UsageGrouping.Key).ToQueryString());

    [Theory]
    [InlineData("", true)]
    [InlineData("?of=mine", false)]
    [InlineData("?of=all", true)]
    public void Whose_use_it_is_says_the_address_or_else_what_was_last_looked_at(string query, bool everybody) =>
        Assert.Equal(everybody, Read(query).Question(new UsageScope.Everybody()).Scope is UsageScope.Everybody);

    [Fact]
    public void A_long_range_is_by_day_whatever_the_address_says() =>
        Assert.Equal(UsageStep.Day, Read("?from=2040-01-01&to=2040-03-01&step=hour").Step);

    [Fact]
    public void A_day_is_by_hour_unless_the_address_says_otherwise()
    {
        Assert.Equal(UsageStep.Hour, Read("?days=1").Step);
        Assert.Equal(UsageStep.Day, Read("?days=1&step=day").Step);
    }

    private static UsageAddress Read(string query)
    {
        var values = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query);
        string? Of(string name) => values.TryGetValue(name, out var value) ? value.ToString() : null;
        return UsageAddress.Read(Of);
    }
}
