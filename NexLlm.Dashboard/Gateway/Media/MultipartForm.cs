using System.Text;
using System.Text.Unicode;
using NexLlm.Dashboard.Gateway.Json;

namespace NexLlm.Dashboard.Gateway.Media;

/// <summary>
/// A parsed <c>multipart/form-data</c> body. <see cref="FormWriter"/> writes the upstream form from it, so a provider can't
/// interpret the form differently from what was validated.
/// </summary>
/// <remarks>
/// The framework's MultipartReader is not used: it takes a second for 32 MB, where searching for the boundary takes 20 ms, and it
/// accepts forms that other readers parse differently.
/// </remarks>
internal sealed class MultipartForm
{
    private const int MostFields = 64;

    private readonly List<FormField> _fields = [];

    private MultipartForm()
    {
    }

    public IReadOnlyList<FormField> Fields => _fields;

    /// <param name="contentType">The header of the request.</param>
    /// <param name="form">Null if the result is false.</param>
    /// <param name="error">Null if the result is true.</param>
    public static bool TryRead(ReadOnlySpan<byte> body, string? contentType, out MultipartForm? form, out BodyError? error)
    {
        form = new MultipartForm();
        error = FormBoundary.Of(contentType) is { } boundary
            ? form.Read(body, Encoding.ASCII.GetBytes($"\r\n--{boundary}"))
            : BodyError.Invalid("Invalid 'boundary' in the 'Content-Type' header. Send 'multipart/form-data; boundary=...' with 1 to 70 letters, digits or punctuation marks.");
        form = error is null ? form : null;
        return error is null;
    }

    /// <param name="delimiter">The boundary with the preceding line break, which is part of it.</param>
    private BodyError? Read(ReadOnlySpan<byte> body, ReadOnlySpan<byte> delimiter)
    {
        if (!body.StartsWith(delimiter[2..])) return Malformed("it must start with its boundary");
        var at = delimiter.Length - 2;
        while (true)
        {
            var rest = body[at..];
            if (rest.StartsWith("--"u8))
            {
                return rest[2..] is [] or [(byte)'\r', (byte)'\n'] ? AtLeastOne() : Malformed("data after the final boundary");
            }

            if (!rest.StartsWith("\r\n"u8)) return Malformed("a boundary must be followed by CRLF");
            if (_fields.Count == MostFields) return BodyError.Invalid($"A form can have at most {MostFields} fields.");
            if (ReadField(body, at + 2, delimiter, out at) is { } wrong) return wrong;
        }
    }

    private BodyError? ReadField(ReadOnlySpan<byte> body, int start, ReadOnlySpan<byte> delimiter, out int end)
    {
        end = start;
        if (FieldHeaders.Read(body[start..], out var headers, out var length) is { } wrong) return wrong;
        start += length;
        var valueLength = body[start..].IndexOf(delimiter);
        // Some readers would end the field here, others at the next boundary.
        if (body[start..].StartsWith(delimiter[2..])) return Malformed("a boundary directly after a field's headers");
        if (valueLength < 0) return Malformed("the final boundary is missing");
        var field = new FormField(headers.Name, headers.FileName, headers.ContentType, start..(start + valueLength));
        end = start + valueLength + delimiter.Length;
        return Add(field, body[field.Value]);
    }

    private BodyError? Add(in FormField field, ReadOnlySpan<byte> value)
    {
        if (!field.IsFile && !Utf8.IsValid(value)) return BodyError.Invalid($"'{field.Name}' must be UTF-8 text. Send files with a file name.", field.Name);
        foreach (var other in _fields)
        {
            if (other.Name == field.Name && !field.IsListItem)
            {
                return BodyError.Invalid($"Duplicate field '{field.Name}'. Send it once, or as '{field.Name}[]' if the API accepts a list.", field.Name);
            }
        }

        _fields.Add(field);
        return null;
    }

    private BodyError? AtLeastOne() => _fields.Count > 0 ? null : Malformed("it has no fields");

    private static BodyError Malformed(string how) =>
        BodyError.Invalid($"Malformed form: {how}. Send 'multipart/form-data' as described in RFC 7578.");
}

/// <summary>One field of a form, with everything sent upstream about it.</summary>
/// <param name="Name">Contains only letters, digits and <c>_ - . [ ]</c>.</param>
/// <param name="FileName">The sanitized name; null for a plain field.</param>
/// <param name="ContentType">A file's plain <c>type/subtype</c>; null for a plain field.</param>
/// <param name="Value">The range of the value in the body.</param>
internal readonly record struct FormField(string Name, string? FileName, string? ContentType, Range Value)
{
    public bool IsFile => FileName is not null;

    /// <summary>Whether the field may be repeated, such as <c>image[]</c>.</summary>
    public bool IsListItem => Name.EndsWith("[]", StringComparison.Ordinal);

    /// <summary>The name without its brackets.</summary>
    public ReadOnlySpan<char> BaseName => Name.AsSpan()[..(Name.IndexOf('[', StringComparison.Ordinal) is >= 0 and var at ? at : Name.Length)];
}
