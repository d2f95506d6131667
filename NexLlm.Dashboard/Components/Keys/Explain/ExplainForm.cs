using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Components.Keys.Explain;

/// <summary>The hypothetical request as typed.</summary>
public sealed class ExplainForm(ExplainAddress asked, IPAddress? own, TimeZoneInfo zone)
{
    /// <summary>A short prompt and a short response.</summary>
    private const long UsualTokens = 1_000;

    public TextInput<string> Model { get; } = new(asked.Model ?? "", TryReadModel);

    public TextInput<IPAddress> Address { get; } = new(
        asked.Address ?? (own is null ? "" : IpRange.Of(own).ToString()), TryReadAddress);

    public TextInput<long> Tokens { get; } = new((asked.Tokens ?? UsualTokens).ToString(CultureInfo.InvariantCulture), TokenQuota.TryParseTokens);

    public UpstreamApi Api { get; set; } = asked.Api ?? UpstreamApi.ChatCompletions;

    /// <summary>In the user's time zone; blank is now. Composed of <see cref="Day"/> and <see cref="Time"/>.</summary>
    public TextInput<DateTimeOffset?> At { get; } = new(
        asked.At is { } at ? LocalTime.Write(at, zone) : "",
        (string text, out DateTimeOffset? instant, [NotNullWhen(false)] out string? error) => TryReadAt(text, zone, out instant, out error));

    /// <summary>Null if no day is selected.</summary>
    public DateTime? Day { get; private set; } = asked.At is { } at ? TimeZoneInfo.ConvertTime(at, zone).Date : null;

    /// <summary>In the format of the browser's time field; blank is the start of the day.</summary>
    public string? Time { get; private set; } = asked.At is { } at ? LocalTime.Write(at, zone).Split('T')[1] : null;

    public void Choose(DateTime? day, string? time)
    {
        // The calendar also reports the day it was given.
        if ((day, time) != (Day, Time))
        {
            (Day, Time) = (day, time);
            At.Type((day, time) switch
            {
                (null, null or "") => "",
                (null, _) => time,
                var (date, _) => string.Create(CultureInfo.InvariantCulture, $"{date:yyyy-MM-dd}T{(string.IsNullOrEmpty(time) ? "00:00" : time)}"),
            });
        }
    }

    /// <summary>The id of the first invalid field; null if there is none.</summary>
    public string? FirstWrong =>
        Model.Error is not null ? "model" : Address.Error is not null ? "address" : Tokens.Error is not null ? "tokens" : At.Error is not null ? "at" : null;

    public void ShowErrors() => Model.IsVisited = Address.IsVisited = Tokens.IsVisited = At.IsVisited = true;

    public bool TryRead(DateTimeOffset now, [NotNullWhen(true)] out ImaginedRequest? request, [NotNullWhen(true)] out ExplainAddress? address)
    {
        (request, address) = (null, null);
        if (!Model.TryRead(out var model) || !Address.TryRead(out var from) || !Tokens.TryRead(out var tokens) || !At.TryRead(out var typed))
        {
            return false;
        }

        // An unedited value keeps its instant, even if its time occurs twice.
        var at = At.IsTouched ? typed : asked.At;
        request = new ImaginedRequest(model, from, tokens, at ?? now, Api);
        address = new ExplainAddress(model, from.ToString(), tokens, at, Api is UpstreamApi.ChatCompletions ? null : Api);
        return true;
    }

    private static bool TryReadModel(string text, [MaybeNullWhen(false)] out string model, [NotNullWhen(false)] out string? error)
    {
        // Exact, as the gateway reads it: with an extra space, no channel serves the model.
        model = text;
        error = string.IsNullOrWhiteSpace(text) ? "Enter a model ID, such as gpt-4o." : null;
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

        if (!LocalTime.TryParse(text.Trim(), out var local))
        {
            error = "Choose a date after 1970 and a time, or leave both blank for now.";
        }
        else if (zone.IsInvalidTime(local))
        {
            error = $"This time doesn't exist in {zone.Id} because the clocks change. Choose another time.";
        }
        else
        {
            instant = LocalTime.Instant(local, zone);
        }

        return error is null;
    }
}
