using System.Globalization;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Channels;

/// <summary>Texts and marks of channels and groups.</summary>
internal static class ChannelText
{
    /// <summary>A tone, an icon and a word, so that nothing is shown by color alone.</summary>
    public static (string? Tone, string Icon, string Word) StateOf(ChannelDetails channel) => channel switch
    {
        { IsEnabled: false } => StateOf(isEnabled: false),
        { IsKeyLost: true } => ("bad", "#i-warning", "Provider key lost"),
        { Health: { } health } => StateOf(health.Status),
        _ => StateOf(isEnabled: true),
    };

    /// <summary>The state of an enabled channel.</summary>
    public static (string? Tone, string Icon, string Word) StateOf(ChannelStatus status) => status switch
    {
        ChannelStatus.Healthy => ("good", "#i-check", "Healthy"),
        // Enabled, with no further information.
        ChannelStatus.Unknown => StateOf(isEnabled: true),
        ChannelStatus.Recovering => ("soon", "#i-clock", "Recovering"),
        ChannelStatus.Paused => ("bad", "#i-warning", "Paused"),
        ChannelStatus.KeyRejected => ("bad", "#i-warning", "Key rejected"),
        ChannelStatus.Unreachable => ("bad", "#i-warning", "Unreachable"),
    };

    public static (string? Tone, string Icon, string Word) StateOf(GroupDetails group) =>
        group is { IsEnabled: true, Models: [] } ? ("soon", "#i-warning", "No models") : StateOf(group.IsEnabled);

    /// <summary>Explains the state; null if the word is sufficient.</summary>
    public static string? Explained(ChannelDetails channel, UserClock clock) => channel switch
    {
        { IsKeyLost: true } => "Can't decrypt the provider key. Enter the key again.",
        { Health: { Phase: CircuitPhase.Open, RestsUntil: { } until } } => string.Create(
            CultureInfo.InvariantCulture, $"Paused after repeated failures. Resumes in {Math.Max(1, Math.Ceiling((until - clock.Now).TotalSeconds)):0} s."),
        { Health.Phase: CircuitPhase.HalfOpen } => "The next request will test this channel.",
        { IsEnabled: true, Health: { Error: { } error } health } when !health.Status.IsUsable() => error,
        { IsEnabled: true, Groups: [] } => "Not in any group, so it gets no requests.",
        _ => null,
    };

    /// <summary>For example "2.5% of 40" or "No calls".</summary>
    public static string Errors(ChannelHealth? health) => health is not { Calls: > 0 } known
        ? "No calls"
        : string.Create(CultureInfo.InvariantCulture, $"{known.ErrorRate * 100:0.#}% of {known.Calls:N0}");

    public static string ErrorsInFull(ChannelHealth? health) => health is not { Calls: > 0 } known
        ? "No calls in the last 5 minutes"
        : string.Create(CultureInfo.InvariantCulture, $"{known.Failures:N0} of {known.Calls:N0} calls failed in the last 5 minutes");

    public static string? OriginOf(Provenance origin) => origin switch
    {
        Provenance.Dashboard => null,
        Provenance.Configuration => "From configuration",
        Provenance.BuiltIn => "Built-in",
    };

    public static string TypeOf(ChannelType type) => type switch
    {
        ChannelType.Echo => "Echo",
        ChannelType.OpenAI => "OpenAI-compatible",
        ChannelType.Anthropic => "Anthropic",
    };

    public static string NameOf(UpstreamApi api) => api switch
    {
        UpstreamApi.ChatCompletions => "Chat completions",
        UpstreamApi.Completions => "Completions",
        UpstreamApi.Embeddings => "Embeddings",
        UpstreamApi.Responses => "Responses",
        UpstreamApi.Messages => "Messages",
        UpstreamApi.CountTokens => "Token counting",
        UpstreamApi.ImageGenerations => "Image generation",
        UpstreamApi.ImageEdits => "Image editing",
        UpstreamApi.Speech => "Text to speech",
        UpstreamApi.Transcriptions => "Transcription",
        UpstreamApi.Translations => "Audio translation",
        UpstreamApi.Moderations => "Moderation",
        UpstreamApi.Rerank => "Reranking",
    };

    /// <summary>The names, each with its own base URL if it has one.</summary>
    public static string Apis(IEnumerable<ApiSettings> apis) => string.Join(", ", apis.Select(a => a.BaseUrl is { } url ? $"{NameOf(a.Api)} at {url}" : NameOf(a.Api)));

    public static string NameOf(PriceUnit unit) => unit switch
    {
        PriceUnit.Request => "request",
        PriceUnit.Image => "image",
        PriceUnit.Second => "second of audio",
        PriceUnit.ThousandCharacters => "1,000 characters",
    };

    /// <summary>Known details of a model besides its name; empty if there are none.</summary>
    public static string DetailsOf(ModelSettings model) =>
        DetailsOf(model.UpstreamName, Tokens(model.ContextTokens), Tokens(model.MaxOutputTokens), Tokens(model.Price?.Tokens), model.Price?.Unit ?? default);

    /// <inheritdoc cref="DetailsOf(ModelSettings)"/>
    public static string DetailsOf(string? upstreamName, string? contextTokens, string? maxOutputTokens, string? price, PriceUnit unit) => string.Join(" · ", new[]
    {
        string.IsNullOrEmpty(upstreamName) ? null : $"sent as {upstreamName}",
        string.IsNullOrEmpty(contextTokens) ? null : $"context {contextTokens}",
        string.IsNullOrEmpty(maxOutputTokens) ? null : $"output {maxOutputTokens}",
        string.IsNullOrEmpty(price) ? null : $"{price} tokens per {NameOf(unit)}",
    }.OfType<string>());

    /// <summary>The first few names and the number of others.</summary>
    public static string Few(IReadOnlyCollection<string> names, int most = 3) => names.Count switch
    {
        0 => "None",
        var count when count <= most => string.Join(", ", names),
        var count => string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names.Take(most))} and {count - most:N0} more"),
    };

    private static string? Tokens(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture);

    private static (string? Tone, string Icon, string Word) StateOf(bool isEnabled) =>
        isEnabled ? ("good", "#i-check", "Enabled") : (null, "#i-pause", "Disabled");
}
