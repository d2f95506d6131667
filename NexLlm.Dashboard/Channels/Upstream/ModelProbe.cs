using System.Net;
using System.Text.Json;
using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>Requests a provider's model list to test its base URL and key. Doesn't affect any channel's health.</summary>
public sealed class ModelProbe(UpstreamTransports transports, TimeProvider clock)
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);

    private const int MostBytes = 8 * 1024 * 1024;

    /// <param name="baseUrl">Up to and including <c>/v1</c>.</param>
    /// <param name="providerKey">Plain text; null if the provider needs none.</param>
    public Task<ProbeResult> AskAsync(ChannelType type, string baseUrl, string? providerKey, CancellationToken cancellation) =>
        AskAsync(type, baseUrl, providerKey, TimeLimit, cancellation);

    /// <inheritdoc cref="AskAsync(ChannelType, string, string?, CancellationToken)"/>
    /// <param name="patience">The time limit for the entire list.</param>
    public async Task<ProbeResult> AskAsync(ChannelType type, string baseUrl, string? providerKey, TimeSpan patience, CancellationToken cancellation)
    {
        // Anthropic's list is paged, with 20 models per page by default.
        var address = new Uri(baseUrl + (type is ChannelType.Anthropic ? "/models?limit=1000" : "/models"));
        using var limit = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var began = clock.GetTimestamp();
        try
        {
            using var request = Request(type, address, providerKey);
            using var response = await transports.Network.SendAsync(request, either.Token);
            if (response.StatusCode is not HttpStatusCode.OK)
            {
                return new ProbeResult.Failed(ProbeMessages.Of(response, address, providerKey is not null))
                {
                    IsFinal = response.StatusCode is HttpStatusCode.Unauthorized,
                    Fault = FaultOf(response.StatusCode),
                };
            }

            return await ReadAsync(response, either.Token) is { } models
                ? new ProbeResult.Answered(clock.GetElapsedTime(began), models)
                : new ProbeResult.Failed(ProbeMessages.NotModels(address)) { IsFinal = false, Fault = ProbeFault.NoList };
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new ProbeResult.Failed(ProbeMessages.Silent(address, patience));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The transport's own connect timeout.
            return new ProbeResult.Failed(ProbeMessages.Unreachable(address));
        }
        catch (JsonException)
        {
            return new ProbeResult.Failed(ProbeMessages.NotJson(address)) { IsFinal = false, Fault = ProbeFault.NoList };
        }
        catch (HttpRequestException failure)
        {
            return new ProbeResult.Failed(ProbeMessages.Of(failure, address));
        }
        catch (IOException)
        {
            return new ProbeResult.Failed(ProbeMessages.BrokenOff(address)) { Fault = ProbeFault.NoList };
        }
    }

    /// <summary>Proxies answer 502 to 504 when the provider behind them is down.</summary>
    private static ProbeFault FaultOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => ProbeFault.KeyRejected,
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => ProbeFault.Unreachable,
        HttpStatusCode.TooManyRequests => ProbeFault.Limited,
        >= HttpStatusCode.InternalServerError => ProbeFault.Failing,
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => ProbeFault.Unreachable,
        _ => ProbeFault.NoList,
    };

    private static HttpRequestMessage Request(ChannelType type, Uri address, string? providerKey)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", UpstreamClient.UserAgent);
        foreach (var (name, value) in LiveChannel.HeadersFor(type, type is ChannelType.Anthropic, providerKey))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>Returns null if the response is JSON but not a model list.</summary>
    private static async Task<IReadOnlyList<string>?> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await response.Content.LoadIntoBufferAsync(MostBytes, cancellation);
        using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), default, cancellation);
        if (json.RootElement.ValueKind is not JsonValueKind.Object || !json.RootElement.TryGetProperty("data", out var data) || data.ValueKind is not JsonValueKind.Array)
        {
            return null;
        }

        return [.. data.EnumerateArray().Select(IdOf).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(ChannelRules.MaxModels)];
    }

    /// <summary>Returns null for an ID that a channel couldn't store.</summary>
    private static string? IdOf(JsonElement model) =>
        model.ValueKind is JsonValueKind.Object && model.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String
        && ChannelRules.TryReadText(id.GetString()!, ChannelRules.MaxModelName, out var name, out _) ? name : null;
}
