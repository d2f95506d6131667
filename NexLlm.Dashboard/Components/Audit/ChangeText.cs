using System.Globalization;
using System.Text;
using System.Text.Json;
using NexLlm.Dashboard.Accounts.History;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Audit;

/// <summary>A changed field in words.</summary>
/// <param name="Field">The name on the screen.</param>
/// <param name="Before">Null if there was no value.</param>
/// <param name="After">Null if there is no longer a value.</param>
public sealed record ChangeInWords(string Field, string? Before, string? After)
{
    /// <summary>The change as "a → b", also readable by screen readers.</summary>
    public override string ToString() => (Before, After) switch
    {
        (null, null) => Field,
        (null, _) => $"{Field}: {After}",
        (_, null) => $"{Field}: was {Before}",
        _ => $"{Field}: from {Before} to {After}",
    };
}

/// <summary>Recorded changes in the wording of the pages.</summary>
public static class ChangeText
{
    /// <summary>The audit's marker for a missing value, as opposed to a value of null.</summary>
    private const string Nothing = "none";

    /// <summary>The channel, group or invited person of an event, which is the first of its values; null if there is none.</summary>
    public static string? Subject(HistoryEntry entry) => entry switch
    {
        { Changes: [var invited, ..] } when IsInvitation(entry) => (invited.After.ValueKind is JsonValueKind.String ? invited.After : invited.Before).GetString(),
        { Changes: [var named, ..] } when IsNamed(entry) => $"{FieldName(named.Field, isKey: false)} {named.After.GetString()}",
        _ => null,
    };

    /// <summary>Whether an existing object was changed.</summary>
    public static bool IsEdit(HistoryEntry entry) =>
        entry.Action.EndsWith(".edited", StringComparison.Ordinal) || entry.Action is AuditActions.AccountQuotaGranted or AuditActions.AccountQuotaSet;

    /// <summary>The changed fields, in order.</summary>
    public static IEnumerable<ChangeInWords> Of(HistoryEntry entry, UserClock clock) =>
        entry.Changes.Skip(IsNamed(entry) || IsInvitation(entry) ? 1 : 0).Select(change => Of(entry.Action, change, clock));

    public static ChangeInWords Of(string action, RecordedChange change, UserClock clock)
    {
        if (change.Field == "providerKey")
        {
            return OfProviderKey(change);
        }

        var isKey = action.StartsWith("key.", StringComparison.Ordinal);
        // An object created by this event had no earlier values.
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

    /// <summary>Of a provider key, only its presence is known.</summary>
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

    /// <summary>Turns "providerKey" into "Provider key".</summary>
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
