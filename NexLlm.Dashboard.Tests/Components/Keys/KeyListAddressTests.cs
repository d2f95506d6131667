using CsCheck;
using Microsoft.AspNetCore.WebUtilities;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Tests.Components.Keys;

public sealed class KeyListAddressTests
{
    private static readonly Gen<PageCursor?> _cursors = Gen.OneOf(
        Gen.Const((PageCursor?)null),
        Gen.Const((PageCursor?)PageCursor.Last),
        Gen.Select(Gen.Bool, Gen.Long, Gen.Long[0, long.MaxValue]).Select((after, instant, id) => (PageCursor?)new PageCursor(After(after), null, instant, id)),
        Gen.Select(Gen.Bool, Gen.String[Gen.Char['!', '~'], 1, 20], Gen.Long[0, long.MaxValue]).Select((after, name, id) => (PageCursor?)new PageCursor(After(after), name, 0, id)));

    private static readonly Gen<KeyListAddress> _addresses = Gen.Select(
        Gen.OneOf(Gen.Const((string?)null), Gen.String[Gen.Char[' ', 'ÿ'], 1, 30].Where(s => !string.IsNullOrWhiteSpace(s) && !PastedSecret.IsIn(s))!),
        Gen.Enum<KeyFilter>(),
        Gen.Enum<KeySort>(),
        Gen.Bool,
        _cursors).Select((search, filter, sort, descending, cursor) => new KeyListAddress(new KeyQuery(search, filter, sort, descending, cursor)));

    [Fact]
    public void What_an_address_is_written_from_is_read_from_it() => _addresses.Sample(address => Read(address.ToQueryString()) == address);

    [Fact]
    public void A_key_is_found_again_by_its_id() =>
        Assert.Equal(new KeyListAddress(new KeyQuery(), 42), Read(new KeyListAddress(new KeyQuery(), 42).ToQueryString()));

    [Fact]
    public void The_plain_list_has_a_plain_address() => Assert.Equal("", KeyListAddress.Default.ToQueryString());

    [Theory]
    [InlineData("?show=nonsense&sort=owner&dir=sideways&at=z9&id=-1")]
    [InlineData("?q=%20%20&id=9999999999999999999999")]
    [InlineData("?q=sk-nexllm-abc")]
    public void Nonsense_is_read_as_the_default(string query) => Assert.Equal(KeyListAddress.Default, Read(query));

    private static PageDirection After(bool after) => after ? PageDirection.After : PageDirection.Before;

    private static KeyListAddress Read(string query)
    {
        var values = QueryHelpers.ParseQuery(query);
        string? Of(string name) => values.TryGetValue(name, out var value) ? value.ToString() : null;
        return KeyListAddress.Read(Of("q"), Of("show"), Of("sort"), Of("dir"), Of("at"), Of("id"));
    }
}
