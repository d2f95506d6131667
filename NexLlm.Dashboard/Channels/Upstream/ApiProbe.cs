using System.Net;
using System.Net.Http.Headers;
using System.Text;
using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>
/// Finds out which APIs a provider offers, free of charge: it sends unparsable bodies, which a server rejects with 400 or similar if it has
/// the API, and with 404 otherwise. Each response is compared with that of a path that exists on no server, because some servers answer
/// every path alike. Doesn't affect any channel's health.
/// </summary>
public sealed class ApiProbe(UpstreamTransports transports, TimeProvider clock)
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);

    internal const string NoSuchPath = "/nexllm-no-such-api";

    // A truncated object. An empty object works for most servers, but a lenient one could fill in defaults and charge for the request.
    private const string NoJson = "{";

    // A form that ends before its first field.
    private const string Boundary = "nexllm-empty";
    private const string NoForm = $"--{Boundary}--\r\n";

    /// <param name="baseUrl">The base URL of all APIs without their own.</param>
    /// <param name="apis">The APIs with their own base URLs.</param>
    /// <param name="providerKey">Plain text; null if the provider needs none.</param>
    /// <returns>A finding for every API, in enum order.</returns>
    public async Task<IReadOnlyList<ApiFinding>> AskAsync(
        ChannelType type, string baseUrl, IReadOnlyList<ApiSettings> apis, string? providerKey, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TimeLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var asked = UpstreamApis.All.Select(api => (Api: api, Way: new Way(
            apis.FirstOrDefault(a => a.Api == api)?.BaseUrl ?? baseUrl, api.IsAnthropic(), IsForm(api)))).ToList();
        var nowhere = asked.Select(a => a.Way).Distinct()
            .ToDictionary(way => way, way => StatusAsync(type, way, NoSuchPath, providerKey, either.Token));
        var statuses = asked.Select(a => StatusAsync(type, a.Way, a.Api.Path(), providerKey, either.Token)).ToList();
        await Task.WhenAll([.. nowhere.Values, .. statuses]);
        cancellation.ThrowIfCancellationRequested();

        var findings = new List<ApiFinding>();
        foreach (var ((api, way), status) in asked.Zip(statuses))
        {
            findings.Add(ApiFinding.Of(api, await status, await nowhere[way]));
        }

        return findings;
    }

    private static bool IsForm(UpstreamApi api) => api is UpstreamApi.ImageEdits or UpstreamApi.Transcriptions or UpstreamApi.Translations;

    /// <summary>Sends an unparsable request to one of a channel's APIs. Returns the response status, or null if there is no response.</summary>
    internal Task<HttpStatusCode?> AskOneAsync(LiveChannel channel, UpstreamApi api, CancellationToken cancellation) =>
        StatusAsync(channel.Type, channel.Address(api), api.IsAnthropic(), IsForm(api), channel.ProviderKey, cancellation);

    private Task<HttpStatusCode?> StatusAsync(ChannelType type, Way way, string path, string? providerKey, CancellationToken cancellation) =>
        StatusAsync(type, new Uri(way.BaseUrl + path), way.IsAnthropic, way.IsForm, providerKey, cancellation);

    /// <summary>Returns null if there was no response.</summary>
    private async Task<HttpStatusCode?> StatusAsync(
        ChannelType type, Uri address, bool isAnthropic, bool isForm, string? providerKey, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address)
            {
                Content = new ByteArrayContent(Encoding.ASCII.GetBytes(isForm ? NoForm : NoJson)),
                Version = HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(isForm ? $"multipart/form-data; boundary={Boundary}" : "application/json");
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            request.Headers.TryAddWithoutValidation("User-Agent", UpstreamClient.UserAgent);
            foreach (var (name, value) in LiveChannel.HeadersFor(type, isAnthropic, providerKey))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = await transports.Network.SendAsync(request, cancellation);
            return response.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The properties that can affect a server's response before it knows which API is called.</summary>
    private readonly record struct Way(string BaseUrl, bool IsAnthropic, bool IsForm);
}
