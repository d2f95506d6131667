using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Components.Keys.Explain;

/// <summary>The imagined request as a person types it.</summary>
public sealed class ExplainForm(ExplainAddress asked, IPAddress? own, TimeZoneInfo zone)
{
    /// <summary>A short question and a short answer.</summary>
    private const long UsualTokens = 1_000;

    // What a browser's own date and time field gives.
    private const string Minute = "yyyy-MM-dd'T'HH:mm";
    private const string Second = "yyyy-MM-dd'T'HH:mm:ss";

    public TextInput<string> Model { get; } = new(asked.Model ?? "", TryReadModel);

    public TextInput<IPAddress> Address { get; } = new(asked.Address ?? own?.ToString() ?? "", TryReadAddress);

    public TextInput<long> Tokens { get; } = new((asked.Tokens ?? UsualTokens).ToString(CultureInfo.InvariantCulture), TokenQuota.TryParseTokens);

    /// <summary>In the person's zone; blank is now.</summary>
    public TextInput<DateTimeOffset?> At { get; } = new(
        asked.At is { } at ? TimeZoneInfo.ConvertTime(at, zone).ToString(at.Second == 0 ? Minute : Second, CultureInfo.InvariantCulture) : "",
        (string text, out DateTimeOffset? instant, [NotNullWhen(false)] out string? error) => TryReadAt(text, zone, out instant, out error));

    /// <summary>The id of the first field that is wrong; null if none is.</summary>
    public string? FirstWrong =>
        Model.Error is not null ? "model" : Address.Error is not null ? "address" : Tokens.Error is not null ? "tokens" : At.Error is not null ? "at" : null;

    public void ShowErrors() => Model.IsVisited = Address.IsVisited = Tokens.IsVisited = At.IsVisited = true;

    public bool TryRead(DateTimeOffset now, [NotNullWhen(true)] out ImaginedRequest? request, [NotNullWhen(true)] out ExplainAddress? address)
    {
        (request, address) = (null, null);
        if (!Model.TryRead(out var model) || !Address.TryRead(out var from) || !Tokens.TryRead(out var tokens) || !At.TryRead(out var at))
        {
            return false;
        }

        request = new ImaginedRequest(model, from, tokens, at ?? now);
        address = new ExplainAddress(model, from.ToString(), tokens, at);
        return true;
    }

    private static bool TryReadModel(string text, [MaybeNullWhen(false)] out string model, [NotNullWhen(false)] out string? error)
    {
        model = text.Trim();
        error = model.Length == 0 ? "Enter the model that the program asks for, such as gpt-4o." : null;
        return error is null;
    }

    private static bool TryReadAddress(string text, [MaybeNullWhen(false)] out IPAddress address, [NotNullWhen(false)] out string? error)
    {
        error = ExplainAddress.TryReadAddress(text, out address) ? null : "Enter one IPv4 or IPv6 address, such as 203.0.113.7 or 2001:db8::1.";
        return error is null;
    }

    private static bool TryReadAt(string text, TimeZoneInfo zone, out DateTimeOffset? instant, [NotNullWhen(false)] out string? error)
    {
        (instant, error) = (null, null);
        if (text.Trim().Length == 0)
        {
            return true;
        }

        if (!DateTime.TryParseExact(text.Trim(), [Minute, Second], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            error = "Enter a date and a time, such as 2026-12-31T23:59, or nothing for now.";
        }
        else if (zone.IsInvalidTime(local))
        {
            error = $"The clocks of {zone.Id} jump over this time. Choose one before or after it.";
        }
        else
        {
            instant = new DateTimeOffset(local, zone.GetUtcOffset(local));
        }

        return error is null;
    }
}
