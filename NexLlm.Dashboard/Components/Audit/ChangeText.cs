using System.Globalization;
using System.Text;
using System.Text.Json;
using NexLlm.Dashboard.Accounts.History;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

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
public static class ChangeText
{
    /// <summary>What the trail writes where there was no value at all, as opposed to a value that is null.</summary>
    private const string Nothing = "none";

    /// <summary>The channel, the group or the invited person that an event is about, who comes first among its values; null if it is about none.</summary>
    public static string? Subject(HistoryEntry entry) => entry switch
    {
        { Changes: [var invited, ..] } when IsInvitation(entry) => (invited.After.ValueKind is JsonValueKind.String ? invited.After : invited.Before).GetString(),
        { Changes: [var named, ..] } when IsNamed(entry) => $"{FieldName(named.Field, isKey: false)} {named.After.GetString()}",
        _ => null,
    };

    /// <summary>Something that was there before has other values now.</summary>
    public static bool IsEdit(HistoryEntry entry) =>
        entry.Action.EndsWith(".edited", StringComparison.Ordinal) || entry.Action is AuditActions.AccountQuotaGranted or AuditActions.AccountQuotaSet;

    /// <summary>What was changed, one field after the other.</summary>
    public static IEnumerable<ChangeInWords> Of(HistoryEntry entry, UserClock clock) =>
        entry.Changes.Skip(IsNamed(entry) || IsInvitation(entry) ? 1 : 0).Select(change => Of(entry.Action, change, clock));

    public static ChangeInWords Of(string action, RecordedChange change, UserClock clock)
    {
        if (change.Field == "providerKey")
        {
            return OfProviderKey(change);
        }

        var isKey = action.StartsWith("key.", StringComparison.Ordinal);
        // What was made by this very event had no value before.
        var isNew = action is AuditActions.AccountInvited or AuditActions.AccountResetLinkIssued || action.EndsWith(".created", StringComparison.Ordinal);
        return new ChangeInWords(
            FieldName(change.Field, isKey),
            isNew ? null : Value(change.Field, change.Before, isKey, clock),
            Value(change.Field, change.After, isKey, clock));
    }

    private static bool IsNamed(HistoryEntry entry) =>
        entry.Changes is [{ Field: "channel" or "group", After.ValueKind: JsonValueKind.String } named, ..]
        && entry.Action.StartsWith($"{named.Field}.", StringComparison.Ordinal);

    private static bool IsInvitation(HistoryEntry entry) =>
        entry is { Action: AuditActions.AccountInvited or AuditActions.AccountInvitationWithdrawn, Changes: [{ Field: "email" }, ..] };

    /// <summary>Of a provider key only whether there is one is known.</summary>
    private static ChangeInWords OfProviderKey(RecordedChange change) => new("Provider key", null, (Text(change.Before), Text(change.After)) switch
    {
        (Nothing or null, Nothing or null) => Nothing,
        (_, Nothing or null) => "removed",
        (Nothing or null, _) => "set",
        _ => "replaced",
    });

    private static string? Text(JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static string? Value(string field, JsonElement value, bool isKey, UserClock clock) => (field, value.ValueKind) switch
    {
        (_, JsonValueKind.String) when value.GetString() is Nothing => null,
        (_, JsonValueKind.String) when value.GetString() is "" => "none",
        ("tokenLimit", JsonValueKind.Null) => "unlimited",
        ("tokenLimit", JsonValueKind.Number) => $"{Number(value)} tokens",
        ("expiresAt", JsonValueKind.Null) => "never",
        (_, JsonValueKind.String) when field.EndsWith("At", StringComparison.Ordinal) && value.TryGetDateTimeOffset(out var at) => clock.Exact(at),
        ("models", JsonValueKind.Null) when isKey => "all models",
        ("models", JsonValueKind.String) when isKey => Listed(value.GetString()!, "no models"),
        ("ips", JsonValueKind.Null) when isKey => "any IP address",
        ("ips", JsonValueKind.String) when isKey => Listed(value.GetString()!, "no IP addresses"),
        (_, JsonValueKind.Null or JsonValueKind.Undefined) => null,
        (_, JsonValueKind.True) => "yes",
        (_, JsonValueKind.False) => "no",
        (_, JsonValueKind.Number) => Number(value),
        (_, JsonValueKind.String) => $"“{value.GetString()}”",
        (_, JsonValueKind.Array) => string.Join(", ", value.EnumerateArray().Select(v => v.ToString())),
        _ => value.ToString(),
    };

    private static string FieldName(string field, bool isKey) => field switch
    {
        "email" => "Email",
        "baseUrl" => "Base URL",
        "apis" => "APIs",
        "expiresAt" => "Expiration",
        "tokenLimit" => "Quota",
        "twoStep" => "Two-step verification",
        _ when isKey && KeyOption.OfAudit(field) is { } option => option.Label,
        _ => Spaced(field),
    };

    /// <summary>"providerKey" is called "Provider key".</summary>
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
