using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Tests.Keys;

public sealed class KeySecretTests
{
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly int _first = KeySecret.Prefix.Length;

    private static readonly JsonSerializerOptions _withFields = new() { IncludeFields = true };

    private static readonly Gen<string> _secrets = Gen.Const(0).Select(_ => KeySecret.Generate().Reveal());

    [Fact]
    public void A_million_secrets_hold_no_duplicate_and_every_character_is_as_likely_as_any_other()
    {
        const int Count = 1_000_000;
        var seen = new HashSet<UInt128>(Count);
        var occurrences = new long['z' + 1];

        for (var i = 0; i < Count; i++)
        {
            var secret = KeySecret.Generate();
            // Different beginnings of the hash mean different secrets.
            Assert.True(seen.Add(MemoryMarshal.Read<UInt128>(secret.Hash)));
            foreach (var character in secret.Reveal().AsSpan(_first, 43))
                occurrences[character]++;
        }

        var expected = Count * 43.0 / 62;
        var chiSquare = Base62.Sum(character => Math.Pow(occurrences[character] - expected, 2) / expected);
        Assert.Equal(Count * 43L, Base62.Sum(character => occurrences[character]));
        // 61 degrees of freedom: a fair source passes 160 once in some 10^10 runs.
        Assert.InRange(chiSquare, 10, 160);
    }

    [Fact]
    public void A_secret_is_prefix_43_characters_and_a_checksum_that_a_scanner_can_compute()
    {
        var text = KeySecret.Generate().Reveal();

        Assert.Matches("^sk-nexllm-[0-9A-Za-z]{49}$", text);
        var crc = ReferenceCrc32(Encoding.ASCII.GetBytes(text[..53]));
        var checksum = "";
        for (var i = 0; i < 6; i++, crc /= 62)
            checksum = Base62[(int)(crc % 62)] + checksum;
        Assert.Equal(checksum, text[53..]);
    }

    [Fact]
    public void The_checksum_is_the_usual_CRC_32() =>
        Assert.Equal(0xCBF43926, Crc32.Of("123456789"));

    [Fact]
    public void Every_generated_secret_is_well_formed_and_parses_to_itself() =>
        _secrets.Sample(
            text => KeySecret.IsWellFormed(text)
                && KeySecret.TryParse(text, out var secret)
                && secret.Reveal() == text,
            iter: 10_000);

    // Guaranteed by the checksum: an error within 32 neighbouring bits, so any one character and any two neighbours,
    // and any change to the checksum alone. Guaranteed by the length: insertions and deletions.
    [Fact]
    public void One_wrong_character_is_always_refused() =>
        Gen.Select(_secrets, Gen.Int[0, 58], Gen.Char['\0', '\u00FF'])
            .Where((text, at, other) => text[at] != other)
            .Sample((text, at, other) => !KeySecret.IsWellFormed(Replaced(text, at, other)), iter: 25_000);

    [Fact]
    public void One_wrong_base62_character_is_always_refused() =>
        Gen.Select(_secrets, Gen.Int[_first, 58], Gen.OneOf(Base62.ToCharArray()))
            .Where((text, at, other) => text[at] != other)
            .Sample((text, at, other) => !KeySecret.IsWellFormed(Replaced(text, at, other)), iter: 25_000);

    [Fact]
    public void A_character_beyond_ASCII_whose_low_byte_is_right_is_refused() =>
        Gen.Select(_secrets, Gen.Int[0, 58], Gen.Int[1, 255])
            .Sample((text, at, high) => !KeySecret.IsWellFormed(Replaced(text, at, (char)(text[at] | (high << 8)))), iter: 10_000);

    [Fact]
    public void Two_neighbours_swapped_are_always_refused() =>
        Gen.Select(_secrets, Gen.Int[0, 57])
            // Across the border of body and checksum only chance protects, see below.
            .Where((text, at) => text[at] != text[at + 1] && at != 52)
            .Sample(
                (text, at) => !KeySecret.IsWellFormed($"{text.AsSpan(0, at)}{text[at + 1]}{text[at]}{text.AsSpan(at + 2)}"),
                iter: 20_000);

    [Fact]
    public void A_letter_in_the_wrong_case_is_always_refused() =>
        Gen.Select(_secrets, Gen.Int[0, 58])
            .Where((text, at) => char.IsAsciiLetter(text[at]))
            .Sample((text, at) => !KeySecret.IsWellFormed(Replaced(text, at, (char)(text[at] ^ 0x20))), iter: 10_000);

    [Fact]
    public void A_character_too_many_or_too_few_is_always_refused() =>
        Gen.Select(_secrets, Gen.Int[0, 58], Gen.OneOf(Base62.ToCharArray()))
            .Sample(
                (text, at, extra) => !KeySecret.IsWellFormed(text.Insert(at, extra.ToString()))
                    && !KeySecret.IsWellFormed(text.Remove(at, 1))
                    && !KeySecret.TryParse(text.AsSpan(0, at), out _),
                iter: 10_000);

    // Here only chance protects: one in 2^32 gets through, so 10,000 runs meet one in 400,000 times at most.
    [Fact]
    public void Changes_all_over_are_refused_but_for_one_in_four_thousand_million() =>
        Gen.Select(_secrets, Gen.OneOf(Base62.ToCharArray()).Array[43])
            .Sample(
                (text, body) => !KeySecret.IsWellFormed($"{KeySecret.Prefix}{new string(body)}{text.AsSpan(53)}"),
                iter: 10_000);

    [Theory]
    [InlineData("")]
    [InlineData("sk-nexllm-")]
    [InlineData("sk-proj-0123456789")]
    [InlineData("ＳＫ-nexllm-0000000000000000000000000000000000000000000000000")]
    public void What_is_no_secret_at_all_is_refused(string text)
    {
        Assert.False(KeySecret.TryParse(text, out var secret));
        Assert.Null(secret);
    }

    [Fact]
    public void Space_around_a_secret_is_refused()
    {
        var text = KeySecret.Generate().Reveal();
        Assert.False(KeySecret.IsWellFormed($" {text}"));
        Assert.False(KeySecret.IsWellFormed($"{text}\n"));
    }

    [Fact]
    public void The_hash_is_SHA_256_of_the_whole_text()
    {
        var secret = KeySecret.Generate();
        Span<byte> hash = stackalloc byte[32];
        KeySecret.HashInto(secret.Reveal(), hash);

        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes(secret.Reveal())), secret.Hash);
        Assert.True(hash.SequenceEqual(secret.Hash));
    }

    [Fact]
    public void Checking_and_hashing_allocate_nothing()
    {
        var text = KeySecret.Generate().Reveal();
        var hash = new byte[32];
        var wellFormed = CheckAndHash();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            wellFormed &= CheckAndHash();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(wellFormed);
        Assert.Equal(0, allocated);

        bool CheckAndHash()
        {
            KeySecret.HashInto(text, hash);
            return KeySecret.IsWellFormed(text);
        }
    }

    [Fact]
    public void The_display_form_shows_the_first_three_and_the_last_four_characters()
    {
        var secret = KeySecret.Generate();
        var text = secret.Reveal();
        Assert.Equal($"sk-nexllm-{text[10..13]}…{text[^4..]}", secret.DisplayForm);
    }

    [Fact]
    public void Nothing_but_revealing_shows_the_secret()
    {
        var secret = KeySecret.Generate();
        var hidden = secret.Reveal()[13..^4];

        string[] shown =
        [
            secret.ToString(),
            $"{secret}",
            JsonSerializer.Serialize(secret),
            JsonSerializer.Serialize(new { secret }, _withFields),
            .. typeof(KeySecret).GetProperties().Select(property => property.GetValue(secret)?.ToString()!),
        ];

        Assert.All(shown, text => Assert.DoesNotContain(hidden, text, StringComparison.Ordinal));
        Assert.DoesNotContain(Convert.ToBase64String(secret.Hash), JsonSerializer.Serialize(secret), StringComparison.Ordinal);
        Assert.Equal("{DisplayForm}", typeof(KeySecret).GetCustomAttribute<DebuggerDisplayAttribute>()?.Value);
        Assert.Empty(typeof(KeySecret).GetFields(BindingFlags.Instance | BindingFlags.Public));
    }

    private static string Replaced(string text, int at, char other) => $"{text.AsSpan(0, at)}{other}{text.AsSpan(at + 1)}";

    // Bit by bit and from the other end, unlike the table under test.
    private static uint ReferenceCrc32(byte[] bytes)
    {
        var register = 0xFFFFFFFFu;
        foreach (var bit in bytes.SelectMany(value => Enumerable.Range(0, 8).Select(i => (uint)(value >> i) & 1)))
        {
            var top = register >> 31;
            register = (register << 1) ^ ((top ^ bit) * 0x04C11DB7u);
        }

        uint reflected = 0;
        for (var i = 0; i < 32; i++)
            reflected |= ((register >> i) & 1) << (31 - i);
        return ~reflected;
    }
}
