using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;
using NexLlm.Dashboard.Gateway.Json;

namespace NexLlm.Dashboard.Gateway.Media;

/// <summary>The headers of one field. Only the three headers valid in a form are read, and none is forwarded unchanged.</summary>
internal readonly record struct FieldHeaders(string Name, string? FileName, string? ContentType)
{
    private const int MostBytes = 4_096;
    private const string OctetStream = "application/octet-stream";

    private static readonly SearchValues<char> _inName =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.[]");

    /// <param name="length">Includes the blank line after the headers.</param>
    public static BodyError? Read(ReadOnlySpan<byte> field, out FieldHeaders headers, out int length)
    {
        headers = default;
        length = 0;
        var lines = field[..Math.Min(field.Length, MostBytes)];
        var end = lines.IndexOf("\r\n\r\n"u8);
        if (end < 0) return BodyError.Invalid($"The headers of a field must end with an empty line (CRLF) within {MostBytes} bytes.");
        lines = lines[..end];
        length = end + 4;
        if (!Utf8.IsValid(lines)) return BodyError.Invalid("The headers of a field must be UTF-8.");
        string? disposition = null, type = null;
        foreach (var line in Encoding.UTF8.GetString(lines).Split("\r\n"))
        {
            if (Take(line, ref disposition, ref type) is { } wrong) return wrong;
        }

        return Parse(disposition, type, out headers);
    }

    private static BodyError? Take(string line, ref string? disposition, ref string? type)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || line.Any(char.IsControl) || line.StartsWith("--", StringComparison.Ordinal) || line.AsSpan(0, colon).ContainsAny(' ', '\t'))
        {
            return BodyError.Invalid("The header of a field must be 'Name: value' on one line.");
        }

        var value = line[(colon + 1)..].Trim();
        switch (line[..colon].ToUpperInvariant())
        {
            case "CONTENT-DISPOSITION" when disposition is not null:
            case "CONTENT-TYPE" when type is not null:
                return BodyError.Invalid("A field has the same header twice.");
            case "CONTENT-DISPOSITION":
                disposition = value;
                return null;
            case "CONTENT-TYPE":
                type = value;
                return null;
            case "CONTENT-TRANSFER-ENCODING" when value.ToUpperInvariant() is not ("BINARY" or "8BIT" or "7BIT"):
                return BodyError.Invalid($"'Content-Transfer-Encoding: {value}' is not supported. Send files unencoded.");
            default:
                return null;
        }
    }

    private static BodyError? Parse(string? disposition, string? type, out FieldHeaders headers)
    {
        headers = default;
        if (!ContentDispositionHeaderValue.TryParse(disposition, out var parsed)
            || !parsed.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)
            || IsTwice(parsed))
        {
            return BodyError.Invalid("Each field needs one header 'Content-Disposition: form-data; name=\"...\"'.");
        }

        var name = HeaderUtilities.RemoveQuotes(parsed.Name).ToString();
        if (name.Length is 0 or > 100 || name.AsSpan().ContainsAnyExcept(_inName))
        {
            return BodyError.Invalid("The name of a field can have up to 100 letters, digits, '_', '-', '.', '[' and ']'.");
        }

        var isFile = parsed.FileName.HasValue || parsed.FileNameStar.HasValue;
        headers = isFile
            ? new FieldHeaders(name, FormFileName.Clean((parsed.FileNameStar.HasValue ? parsed.FileNameStar : HeaderUtilities.RemoveQuotes(parsed.FileName)).ToString()), Plain(type))
            : new FieldHeaders(name, null, null);
        return null;
    }

    private static bool IsTwice(ContentDispositionHeaderValue parsed) =>
        parsed.Parameters.GroupBy(p => p.Name.ToString(), StringComparer.OrdinalIgnoreCase).Any(same => same.Count() > 1);

    /// <summary>The type without parameters, if it is allowed for files of the supported APIs.</summary>
    private static string Plain(string? type) =>
        MediaTypeHeaderValue.TryParse(type, out var parsed) && parsed.Type.ToString().ToLowerInvariant() is "image" or "audio" or "video"
            && parsed.MediaType.Value!.Length <= 100
            ? parsed.MediaType.ToString().ToLowerInvariant()
            : OctetStream;
}

/// <summary>Providers detect a file's format by its extension and ignore the rest of the name.</summary>
internal static class FormFileName
{
    private const int Longest = 100;
    private const string Nameless = "file";

    /// <summary>The last segment of the path, reduced to characters that need no quoting, with its extension.</summary>
    public static string Clean(string name)
    {
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        var plain = string.Concat(last.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));
        plain = plain.Length <= Longest ? plain : plain[^Longest..];
        return plain.Trim('.', '_').Length == 0 ? Nameless : plain;
    }
}
