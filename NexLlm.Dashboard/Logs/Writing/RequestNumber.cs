using System.Buffers;
using System.Security.Cryptography;

namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>
/// The number of a request: its arrival in Unix milliseconds and a sequence within that millisecond. The public id starts with
/// it, so that an id finds its line, a time is a range of lines, and the newest lines are adjacent.
/// </summary>
public static class RequestNumber
{
    private const string Prefix = "req_";

    // Ordered by character code, so that ids sort like their numbers.
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int BitsOfCharacter = 5;
    private const int NumberLength = 11;
    private const int RandomLength = 13;
    private const int IdLength = 28;
    private const int BitsWithinMillisecond = 12;

    private static readonly SearchValues<char> _characters = SearchValues.Create(Alphabet);

    /// <summary>The smallest number of that millisecond.</summary>
    public static long FirstAt(DateTimeOffset instant) => FirstAt(instant.ToUnixTimeMilliseconds());

    /// <inheritdoc cref="FirstAt(DateTimeOffset)"/>
    /// <param name="instant">Unix milliseconds.</param>
    public static long FirstAt(long instant) => instant << BitsWithinMillisecond;

    public static DateTimeOffset At(long number) => DateTimeOffset.FromUnixTimeMilliseconds(InstantOf(number));

    /// <summary>The arrival in Unix milliseconds.</summary>
    internal static long InstantOf(long number) => number >> BitsWithinMillisecond;

    /// <summary>A public id, such as <c>req_1k7mdz0v2g08x2c…</c>: the number and an equally long unpredictable part.</summary>
    public static string NewId(long number) => string.Create(IdLength, number, static (id, number) =>
    {
        Prefix.CopyTo(id);
        for (var i = Prefix.Length + NumberLength - 1; i >= Prefix.Length; i--)
        {
            id[i] = Alphabet[(int)number & (Alphabet.Length - 1)];
            number >>= BitsOfCharacter;
        }

        RandomNumberGenerator.GetItems<char>(Alphabet, id[^RandomLength..]);
    });

    /// <summary>Returns false for anything <see cref="NewId"/> doesn't create.</summary>
    public static bool TryParse(ReadOnlySpan<char> id, out long number)
    {
        number = 0;
        if (id.Length != IdLength || !id.StartsWith(Prefix, StringComparison.Ordinal) || id[Prefix.Length..].ContainsAnyExcept(_characters))
        {
            return false;
        }

        foreach (var character in id.Slice(Prefix.Length, NumberLength))
        {
            number = (number << BitsOfCharacter) | (long)Alphabet.IndexOf(character, StringComparison.Ordinal);
        }

        return true;
    }
}
