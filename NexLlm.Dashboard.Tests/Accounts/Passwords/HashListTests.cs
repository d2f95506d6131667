using System.Security.Cryptography;
using CsCheck;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.Passwords;

public sealed class HashListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string List => _folder.File("hashes.txt");

    [Fact]
    public void What_is_in_a_list_is_found_and_nothing_else_however_its_lines_are_written()
    {
        var genHash = Gen.Byte.Array[HashList.HashBytes];
        Gen.Select(genHash.Array[1, 60], genHash.Array[10], Gen.Int[0, 2], Gen.Bool, Gen.Bool, Gen.Long[0, 99_999_999_999]).Sample(
            (listed, others, counts, isWindows, endsLine, count) =>
            {
                var end = isWindows ? "\r\n" : "\n";
                var lines = listed.Select(Convert.ToHexString).Distinct().Order(StringComparer.Ordinal)
                    .Select((hash, i) => counts == 0 || (counts == 1 && i % 2 == 0) ? hash : $"{hash}:{count}");
                File.WriteAllText(List, string.Join(end, lines) + (endsLine ? end : ""));

                return HashList.Check(List) is null
                    && listed.All(hash => HashList.Contains(List, hash))
                    && others.All(hash => HashList.Contains(List, hash) == listed.Any(l => l.AsSpan().SequenceEqual(hash)));
            }, iter: Scale.Of(300, 5_000), threads: 1);
    }

    [Fact]
    public void A_long_list_is_searched_at_its_very_ends_too_and_checked_at_some_places()
    {
        var hashes = Enumerable.Range(0, 60_000).Select(i => SHA256.HashData(BitConverter.GetBytes(i))[..HashList.HashBytes]).ToList();
        var lines = hashes.Select(h => $"{Convert.ToHexStringLower(h)}:{h[0]}").Order(StringComparer.Ordinal).ToList();
        File.WriteAllLines(List, lines);

        Assert.Null(HashList.Check(List));
        Assert.All(hashes.Where((_, i) => i % 97 == 0), hash => Assert.True(HashList.Contains(List, hash)));
        Assert.True(HashList.Contains(List, Convert.FromHexString(lines[0][..40])));
        Assert.True(HashList.Contains(List, Convert.FromHexString(lines[^1][..40])));
        Assert.False(HashList.Contains(List, new byte[HashList.HashBytes]));

        // As Pwned Passwords also offers it: by count.
        File.WriteAllLines(List, lines.OrderBy(l => l[^1]).ThenBy(l => l[7]));
        Assert.Contains("aren't sorted by hash", HashList.Check(List), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "The file is empty.")]
    [InlineData("password\nletmein\n", "isn't a list of SHA-1 hashes (at byte 0)")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF:5\n", "isn't a list of SHA-1 hashes")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF01234567:5\n0123456789ABCDEF0123456789ABCDEF0123456789:5\n", "isn't a list of SHA-1 hashes (at byte 43)")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF01234567:many\n", "isn't a list of SHA-1 hashes")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF01234567:5\n\n", "isn't a list of SHA-1 hashes")]
    [InlineData("FF23456789ABCDEF0123456789ABCDEF01234567\n0123456789ABCDEF0123456789ABCDEF01234567\n", "aren't sorted by hash")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF01234567\n0123456789ABCDEF0123456789ABCDEF01234567\n", "aren't sorted by hash")]
    public void What_is_no_list_in_order_is_told(string text, string expected)
    {
        File.WriteAllText(List, text);

        Assert.Contains(expected, HashList.Check(List), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_or_is_a_folder_is_told()
    {
        Assert.Equal("File not found.", HashList.Check(_folder.File("nowhere/list.txt")));
        Assert.StartsWith("The file can't be read (", HashList.Check(_folder.Path), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
