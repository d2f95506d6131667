using System.Globalization;
using System.Text;
using System.Text.Json;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Audit;

/// <summary>A change of a field in words.</summary>
/// <param name="Field">What it is called on the screen.</param>
/// <param name="Before">Null where there was nothing to speak of.</param>
/// <param name="After">Null where there is nothing to speak of any more.</param>
public sealed record ChangeInWords(string Field, string? Before, string? After)
{
    /// <summary>"a → b" for the ear as for the eye.</summary>
    public override string ToString() => (Before, After) switch
    {
        (null, null) => Field,
        (null, _) => $"{Field}: {After}",
        (_, null) => $"{Field}: was {Before}",
        _ => $"{Field}: from {Before} to {After}",
    };
}

/// <summary>What was recorded of a change, said as the pages say it.</summary>
public static class ChangeWords
{
    /// <summary>What the trail writes where there was no value at all, as opposed to a value that is null.</summary>
    private const string Nothing = "none";

    /// <param name="change">As recorded.</param>
    /// <param name="isNew">Whether the thing was made by this very event, so that there is no before.</param>
    public static ChangeInWords Of(RecordedChange change, bool isNew, PersonClock clock) => new(
        FieldName(change.Field),
        isNew ? null : Value(change.Field, change.Before, clock),
        Value(change.Field, change.After, clock));

    private static string? Value(string field, JsonElement value, PersonClock clock) => (field, value.ValueKind) switch
    {
        (_, JsonValueKind.String) when value.GetString() is Nothing => null,
        ("tokenLimit", JsonValueKind.Null) => "unlimited",
        ("tokenLimit", JsonValueKind.Number) => $"{Number(value)} tokens",
        ("expiresAt", JsonValueKind.Null) => "never",
        (_, JsonValueKind.String) when field.EndsWith("At", StringComparison.Ordinal) && value.TryGetDateTimeOffset(out var at) => clock.Exact(at),
        ("models", JsonValueKind.Null) => "all models",
        ("models", JsonValueKind.String) => Listed(value.GetString()!, "no model"),
        ("ips", JsonValueKind.Null) => "any address",
        ("ips", JsonValueKind.String) => Listed(value.GetString()!, "no address"),
        (_, JsonValueKind.Null or JsonValueKind.Undefined) => null,
        (_, JsonValueKind.True) => "yes",
        (_, JsonValueKind.False) => "no",
        (_, JsonValueKind.Number) => Number(value),
        (_, JsonValueKind.String) => $"“{value.GetString()}”",
        (_, JsonValueKind.Array) => string.Join(", ", value.EnumerateArray().Select(v => v.ToString())),
        _ => value.ToString(),
    };

    private static string FieldName(string field) => field switch
    {
        "name" => "Name",
        "email" => "E-mail",
        "expiresAt" => "Expiration",
        "tokenLimit" => "Quota",
        "models" => "Model Restrictions",
        "ips" => "IP Allowlist",
        "group" => "Group",
        "role" => "Role",
        _ => Spaced(field),
    };

    /// <summary>"baseUrl" is called "Base url".</summary>
    private static string Spaced(string field)
    {
        var words = new StringBuilder();
        foreach (var letter in field)
        {
            words.Append(words.Length == 0 ? char.ToUpperInvariant(letter).ToString() : char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString());
        }

        return words.ToString();
    }

    private static string Number(JsonElement value) =>
        value.TryGetInt64(out var whole) ? whole.ToString("N0", CultureInfo.InvariantCulture) : value.GetRawText();

    private static string Listed(string stored, string none)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(stored) is { Length: > 0 } items ? string.Join(", ", items) : none;
        }
        catch (JsonException)
        {
            return stored;
        }
    }
}
