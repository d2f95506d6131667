using System.Net;
using CsCheck;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Tests.Keys.Policy;

public sealed class IpAllowlistTests
{
    [Theory]
    [MemberData(nameof(IpVectors.Matches), MemberType = typeof(IpVectors))]
    public void An_address_is_let_in_exactly_where_the_table_says_so(string list, string address, bool letIn)
    {
        Assert.True(IpAllowlist.TryParse(list, out var allowlist, out _));
        Assert.Equal(letIn, allowlist.Contains(Address(address)));
    }

    [Theory]
    [MemberData(nameof(IpVectors.Corrected), MemberType = typeof(IpVectors))]
    public void An_entry_in_another_spelling_is_refused_by_naming_the_right_one(string entry, string correction)
    {
        Assert.False(IpAllowlist.TryParse($"192.0.2.1\n{entry}", out var allowlist, out var errors));
        var error = Assert.Single(errors);
        Assert.StartsWith($"Line 2: \"{entry}\" ", error, StringComparison.Ordinal);
        Assert.EndsWith($". Enter {correction}.", error, StringComparison.Ordinal);
        Assert.True(allowlist.IsUnrestricted);
        Assert.All(correction.Split(" or "), written => Assert.True(IpAllowlist.TryParse(written, out _, out _)));
    }

    [Theory]
    [MemberData(nameof(IpVectors.Refused), MemberType = typeof(IpVectors))]
    public void An_entry_that_cannot_be_understood_is_refused(string entry)
    {
        Assert.False(IpAllowlist.TryParse(entry, out _, out var errors));
        Assert.All(errors, error => Assert.Matches("^Line 1: .*(isn't a valid IP address|needs a prefix length)", error));
    }

    [Theory]
    [InlineData("10.0.0.1/8", "Line 1: \"10.0.0.1/8\" has host bits set. Enter 10.0.0.0/8 or 10.0.0.1.")]
    [InlineData("10.0.0.0/33", "Line 1: \"10.0.0.0/33\" needs a prefix length from 0 to 32 after the slash.")]
    [InlineData("2001:db8::/129", "Line 1: \"2001:db8::/129\" needs a prefix length from 0 to 128 after the slash.")]
    [InlineData("::ffff:10.0.0.0/64", "Line 1: \"::ffff:10.0.0.0/64\" needs a prefix length from 96 to 128 after the slash.")]
    [InlineData("1.2.3.4:80", "Line 1: \"1.2.3.4:80\" includes a port. Enter 1.2.3.4.")]
    [InlineData("fe80::1%eth0", "Line 1: \"fe80::1%eth0\" includes a network interface. Enter fe80::1.")]
    [InlineData("010.0.0.1", "Line 1: \"010.0.0.1\" has leading zeros. Enter 10.0.0.1.")]
    [InlineData("::ffff:10.0.0.1", "Line 1: \"::ffff:10.0.0.1\" is IPv4 written as IPv6. Enter 10.0.0.1.")]
    [InlineData("2001:DB8::0", "Line 1: \"2001:DB8::0\" isn't in its shortest form. Enter 2001:db8::.")]
    [InlineData("example.com",
        "Line 1: \"example.com\" isn't a valid IP address or CIDR range.")]
    public void An_error_names_line_entry_and_reason(string entry, string expected)
    {
        Assert.False(IpAllowlist.TryParse(entry, out _, out var errors));
        Assert.Equal([expected], errors);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n\t\n")]
    [InlineData(", ,\n,")]
    public void Blank_lets_in_everybody_even_from_an_unknown_address(string? text)
    {
        Assert.True(IpAllowlist.TryParse(text, out var allowlist, out var errors));
        Assert.Empty(errors);
        Assert.Equal(IpAllowlist.Any, allowlist);
        Assert.True(allowlist.Contains(null));
        Assert.True(allowlist.Contains(IPAddress.IPv6Loopback));
        Assert.Null(allowlist.ToStored());
        Assert.Equal("", allowlist.ToField());
    }

    [Fact]
    public void An_unknown_address_is_on_no_list()
    {
        Assert.True(IpAllowlist.TryParse("0.0.0.0/0, ::/0", out var everything, out _));
        Assert.False(everything.Contains(null));
    }

    [Fact]
    public void Entries_stand_on_lines_or_between_commas_and_repetitions_are_folded()
    {
        const string Text = "10.0.0.1, 10.0.0.2,\r\n\r\n ,2001:db8::/32 \n10.0.0.1/32,10.0.0.2\n";
        Assert.True(IpAllowlist.TryParse(Text, out var allowlist, out _));
        Assert.Equal("10.0.0.1\n10.0.0.2\n2001:db8::/32", allowlist.ToField());
        Assert.True(IpAllowlist.TryParse(allowlist.ToField(), out var again, out _));
        Assert.Equal(allowlist, again);
        Assert.Equal(allowlist.GetHashCode(), again.GetHashCode());
    }

    [Theory]
    [InlineData("\u200B203.0.113.7")]
    [InlineData("203.0.113.7\uFEFF")]
    [InlineData("203.0.\u00AD113.7")]
    [InlineData("\u2066203.0.113.7\u2069")]
    [InlineData("\u00A0203.0.113.7\u202F,\u3000203.0.113.7")]
    public void Invisible_characters_that_come_along_with_a_pasted_address_are_ignored(string pasted)
    {
        Assert.True(IpAllowlist.TryParse(pasted, out var list, out var errors), string.Join(' ', errors));
        Assert.Equal("203.0.113.7", list.ToField());
    }

    [Fact]
    public void Every_wrong_entry_has_its_error_with_its_line()
    {
        Assert.False(IpAllowlist.TryParse("nonsense\n\n10.0.0.1, 1.2.3.4:80\r\n0x7f000001", out _, out var errors));
        Assert.Equal(["Line 1: \"nonsense\"", "Line 3: \"1.2.3.4:80\"", "Line 4: \"0x7f000001\""], errors.Select(error => error[..error.IndexOf(' ', 8)]));
    }

    [Fact]
    public void A_long_entry_is_not_repeated_in_full()
    {
        Assert.False(IpAllowlist.TryParse(new string('9', 10_000), out _, out var errors));
        Assert.InRange(Assert.Single(errors).Length, 60, 250);
    }

    [Fact]
    public void A_list_has_at_most_200_entries()
    {
        var entries = Enumerable.Range(0, 201).Select(i => $"10.0.0.{i}").ToList();
        Assert.True(IpAllowlist.TryParse(string.Join('\n', entries.Take(200)), out var allowlist, out _));
        Assert.Equal(200, allowlist.Ranges.Count);
        Assert.False(IpAllowlist.TryParse(string.Join('\n', entries), out _, out var errors));
        Assert.Equal(["Enter at most 200 IP addresses and ranges (currently 201)."], errors);
    }

    [Fact]
    public void What_is_stored_reads_back_the_same()
    {
        Assert.True(IpAllowlist.TryParse("10.0.0.0/8, 203.0.113.7, ::1, 2001:db8::/32", out var allowlist, out _));
        Assert.Equal("""["10.0.0.0/8","203.0.113.7","::1","2001:db8::/32"]""", allowlist.ToStored());
        Assert.Equal(allowlist, IpAllowlist.FromStored(allowlist.ToStored()));
        Assert.Equal(IpAllowlist.Any, IpAllowlist.FromStored(null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("{}")]
    [InlineData("10.0.0.1")]
    [InlineData("[\"10.0.0.1\"")]
    [InlineData("[\"10.0.0.1\", 7]")]
    [InlineData("[\"10.0.0.1\", \"\"]")]
    [InlineData("[\"10.0.0.1\", \"010.0.0.2\"]")]
    [InlineData("[\"10.0.0.1\", \"10.0.0.2/8\"]")]
    public void What_cannot_be_read_as_a_whole_lets_in_nobody(string stored)
    {
        var allowlist = IpAllowlist.FromStored(stored);
        Assert.True(allowlist.DeniesAll);
        Assert.False(allowlist.IsUnrestricted);
        Assert.False(allowlist.Contains(Address("10.0.0.1")));
        Assert.False(allowlist.Contains(null));
        Assert.NotEqual(IpAllowlist.Any, allowlist);
    }

    [Fact]
    public void The_default_range_contains_nothing()
    {
        Assert.False(default(IpRange).Contains(IPAddress.IPv6Any));
        Assert.False(default(IpRange).Contains(IPAddress.Any));
        Assert.Equal("", default(IpRange).ToString());
    }

    [Fact]
    public void A_hundred_thousand_blocks_agree_with_a_comparison_bit_by_bit() =>
        Gen.Select(Cases(_ipv4), Cases(_ipv6)).Sample(
            (v4, v6) =>
            {
                foreach (var (bits, length, other) in (ReadOnlySpan<(string, int, string)>)[v4, v6])
                {
                    var network = bits[..length].PadRight(bits.Length, '0');
                    Assert.True(IpAllowlist.TryParse($"{FromBits(network)}/{length}", out var allowlist, out var errors), string.Join('\n', errors));
                    Assert.True(allowlist.Contains(FromBits(bits)));
                    Assert.Equal(other[..length] == bits[..length], allowlist.Contains(FromBits(other)));
                    Assert.Equal(length == bits.Length ? $"{FromBits(bits)}" : $"{FromBits(network)}/{length}", allowlist.ToField());

                    // Each family lets in only its own, whatever the bits.
                    Assert.False(allowlist.Contains(FromBits(bits.Length == 32 ? v6.Bits : v4.Bits)));
                    if (bits.Length == 32)
                        Assert.Equal(allowlist.Contains(FromBits(other)), allowlist.Contains(FromBits(other).MapToIPv6()));
                    if (network != bits)
                        Assert.False(IpAllowlist.TryParse($"{FromBits(bits)}/{length}", out _, out _));
                }
            },
            iter: 50_000);

    [Fact]
    public void Asking_allocates_nothing()
    {
        Assert.True(IpAllowlist.TryParse("10.0.0.0/8, 2001:db8::/32", out var allowlist, out _));
        IPAddress[] addresses = [Address("10.1.2.3"), Address("::ffff:10.1.2.3"), Address("2001:db8::1"), Address("fe80::1%3")];
        var letIn = addresses.Count(allowlist.Contains);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            foreach (var address in addresses)
                allowlist.Contains(address);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(3, letIn);
    }

    private static readonly Gen<string> _ipv4 = Gen.Byte.Array[4].Select(ToBits);

    // Many zeros, for "::"; a global prefix and small groups, so that the platform prints no dotted form.
    private static readonly Gen<string> _ipv6 = Gen.OneOf(Gen.Const(0), Gen.Int[1, 0xFFF]).Array[7].Select(
        groups => ToBits([0x20, 0x01, .. groups.SelectMany(group => new[] { (byte)(group >> 8), (byte)group })]));

    // The other address differs in one bit, mostly near the end of the prefix, where mistakes would be.
    private static Gen<(string Bits, int Length, string Other)> Cases(Gen<string> addresses) =>
        from bits in addresses
        from length in Gen.Int[0, bits.Length]
        from distance in Gen.OneOf(Gen.Int[-2, 2], Gen.Int[-128, 128])
        let at = Math.Clamp(length + distance, 0, bits.Length - 1)
        select (bits, length, $"{bits.AsSpan(0, at)}{(bits[at] == '0' ? '1' : '0')}{bits.AsSpan(at + 1)}");

    private static string ToBits(byte[] bytes) => string.Concat(bytes.Select(value => $"{value:b8}"));

    private static IPAddress FromBits(string bits) =>
        new([.. bits.Chunk(8).Select(octet => Convert.ToByte(new string(octet), 2))]);

    private static IPAddress Address(string text)
    {
        Assert.True(IPAddress.TryParse(text, out var address));
        return address;
    }
}
