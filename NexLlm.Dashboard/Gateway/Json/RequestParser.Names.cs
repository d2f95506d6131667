using System.Buffers;
using System.Text;
using System.Text.Json;
using NexLlm.Dashboard.Gateway.Dialects;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>
/// Validates field names. No object may have a name twice, because some readers take the first and others the last. Since some
/// readers (Go's) ignore case, a name the gateway reads must have the exact case.
/// </summary>
internal ref partial struct RequestParser
{
    private bool Name(int first, JsonContext place, out RequestField member)
    {
        _nameAt = (int)_json.TokenStartIndex;
        var name = _json.ValueSpan;
        var hash = NameHash.Of(name, out var plain);
        if (_json.ValueIsEscaped || (!plain && place is not JsonContext.Free)) return OddName(first, place, out member);
        member = place is JsonContext.Free ? RequestField.Other : RequestFields.Find(name);
        return _names.Add(first, hash) || TwiceNamed();
    }

    private bool OddName(int first, JsonContext place, out RequestField member)
    {
        member = RequestField.Other;
        var length = _json.ValueSpan.Length;
        var rented = length <= 256 ? null : ArrayPool<byte>.Shared.Rent(length);
        Span<byte> name = rented ?? stackalloc byte[256];
        try
        {
            name = name[.._json.CopyString(name)];
            var isFolded = place is not JsonContext.Free && Fold(ref name);
            if (!_names.Add(first, NameHash.Of(name, out _))) return TwiceNamed();
            if (place is not JsonContext.Free) member = RequestFields.Find(name);
            // Fields that refer to state or steer the request are rejected in any case.
            return !isFolded || member is RequestField.State or RequestField.Steering || !IsRead(place, member) || InLowerCase(Encoding.ASCII.GetString(name));
        }
        catch (InvalidOperationException)
        {
            return Refuse("A property name contains an invalid Unicode escape.");
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static bool IsRead(JsonContext place, RequestField member) => place is not (JsonContext.Other or JsonContext.Format) && member is not RequestField.Other;

    private bool InLowerCase(string name) => Refuse($"'{name}' must be written in lower case.", name);

    /// <summary>Writes the name as case-insensitive readers see it. Returns true if that changed it.</summary>
    private static bool Fold(ref Span<byte> name)
    {
        var length = 0;
        var changed = false;
        for (var i = 0; i < name.Length; i++)
        {
            var rest = name[i..];
            var letter = rest[0];
            if (letter is >= (byte)'A' and <= (byte)'Z') letter |= 0x20;
            // The long s and the Kelvin sign, whose lower-case forms are s and k.
            else if (rest.StartsWith("\u017F"u8)) (letter, i) = ((byte)'s', i + 1);
            else if (rest.StartsWith("\u212A"u8)) (letter, i) = ((byte)'k', i + 2);
            changed |= letter != rest[0];
            name[length++] = letter;
        }

        name = name[..length];
        return changed;
    }

    /// <summary>The last name read, for an error message.</summary>
    private readonly string LastName()
    {
        var json = new Utf8JsonReader(_body[_nameAt..], isFinalBlock: false, default);
        json.Read();
        return json.GetString()!;
    }

    private bool TwiceNamed()
    {
        var name = LastName();
        return Refuse($"'{name}' appears twice in one object. Send it once.", name);
    }
}
