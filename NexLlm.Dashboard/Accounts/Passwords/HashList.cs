using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace NexLlm.Dashboard.Accounts.Passwords;

/// <summary>
/// A sorted text file of SHA-1 hashes, one <c>HASH:COUNT</c> or <c>HASH</c> per line, such as Pwned Passwords. It may be much larger than
/// memory: a lookup reads about thirty positions.
/// </summary>
internal static class HashList
{
    public const int HashBytes = 20;

    /// <summary>In bytes, including the line break; longer lines are invalid.</summary>
    private const int LongestLine = 64;

    /// <summary>Files up to this size are checked line by line, larger ones at <see cref="CheckedPlaces"/> positions.</summary>
    private const int CheckedWhole = 1_024 * 1_024;

    private const int CheckedPlaces = 200;

    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    /// <exception cref="InvalidDataException">The file isn't a valid hash list.</exception>
    public static bool Contains(string path, ReadOnlySpan<byte> hash)
    {
        using var file = File.OpenHandle(path);
        var (from, to) = (0L, RandomAccess.GetLength(file));
        while (from < to)
        {
            var line = Line.At(file, from + ((to - from) / 2));
            switch (line.Hash.AsSpan().SequenceCompareTo(hash))
            {
                case 0:
                    return true;
                case < 0:
                    from = line.Next;
                    break;
                default:
                    to = line.Start;
                    break;
            }
        }

        return false;
    }

    /// <summary>Checks the file. Returns an error message with the next step, or null if no problem was found in the part that was checked.</summary>
    public static string? Check(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length == 0)
            {
                return "The file is empty.";
            }

            var step = length <= CheckedWhole ? 1 : length / CheckedPlaces;
            var last = Line.At(file, 0);
            while (last.Next < length)
            {
                var line = Line.At(file, Math.Max(last.Next, Math.Min(last.Start + step, length - 1)));
                if (last.Hash.AsSpan().SequenceCompareTo(line.Hash) >= 0)
                {
                    return $"The lines up to byte {line.Next} aren't sorted by hash. Download the list ordered by hash, or sort it with LC_ALL=C sort.";
                }

                last = line;
            }

            return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "File not found.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The file can't be read ({e.Message.TrimEnd('.')}).";
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }

    /// <param name="Start">The offset of its first byte.</param>
    /// <param name="Next">The offset of the next line, or the end of the file.</param>
    private readonly record struct Line(long Start, long Next, byte[] Hash)
    {
        /// <summary>The line that contains the given offset.</summary>
        public static Line At(SafeFileHandle file, long place)
        {
            var windowStart = Math.Max(0, place - LongestLine);
            Span<byte> buffer = stackalloc byte[2 * LongestLine];
            var window = buffer[..RandomAccess.Read(file, buffer, windowStart)];
            var inside = (int)(place - windowStart);
            var before = window[..inside].LastIndexOf((byte)'\n');
            var after = window[inside..].IndexOf((byte)'\n');
            var isBroken = (before < 0 && windowStart > 0) || (after < 0 && window.Length == buffer.Length);
            var text = isBroken ? default : window[(before + 1)..(after < 0 ? window.Length : inside + after)];
            var hash = new byte[HashBytes];
            if (!TryRead(text, hash))
            {
                throw new InvalidDataException(
                    $"The file isn't a list of SHA-1 hashes (at byte {place}). Each line must be 40 hexadecimal digits, with or without a colon and a count.");
            }

            return new Line(windowStart + before + 1, windowStart + (after < 0 ? window.Length : inside + after + 1), hash);
        }

        private static bool TryRead(ReadOnlySpan<byte> text, Span<byte> hash)
        {
            if (text is [.. var withoutReturn, (byte)'\r'])
            {
                text = withoutReturn;
            }

            const int digits = 2 * HashBytes;
            return text.Length >= digits
                && Convert.FromHexString(text[..digits], hash, out _, out _) is OperationStatus.Done
                && (text.Length == digits || (text[digits] is (byte)':' && !text[(digits + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9')));
        }
    }
}
