using System.Net;
using System.Net.Http.Headers;
using System.Text;
using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>
/// Finds out which APIs an upstream offers, at no cost: the bodies it sends cannot be read, so a server that has the API rejects them
/// with 400 or the like, and one that does not answers 404. Each address is compared with one that no server has, because some
/// servers answer every address alike. Leaves no trace in any channel's health.
/// </summary>
public sealed class ApiProbe(UpstreamTransports transports, TimeProvider clock)
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);

    internal const string NoSuchPath = "/nexllm-no-such-api";

    // An object that ends before it says anything. An empty one would do for most, but a lenient server could fill in defaults and charge.
    private const string NoJson = "{";

    // A form that ends before its first field.
    private const string Boundary = "nexllm-empty";
    private const string NoForm = $"--{Boundary}--\r\n";

    /// <param name="baseUrl">Where the APIs are that have no base URL of their own.</param>
    /// <param name="apis">The base URLs of those that have one.</param>
    /// <param name="providerKey">In plain; null if the upstream needs none.</param>
    /// <returns>Every API, in their order.</returns>
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

    /// <summary>What a channel answers to a request that cannot be read, at the address of one of its APIs; null if it does not answer.</summary>
    internal Task<HttpStatusCode?> AskOneAsync(LiveChannel channel, UpstreamApi api, CancellationToken cancellation) =>
        StatusAsync(channel.Type, channel.Address(api), api.IsAnthropic(), IsForm(api), channel.ProviderKey, cancellation);

    private Task<HttpStatusCode?> StatusAsync(ChannelType type, Way way, string path, string? providerKey, CancellationToken cancellation) =>
        StatusAsync(type, new Uri(way.BaseUrl + path), way.IsAnthropic, way.IsForm, providerKey, cancellation);

    /// <summary>Null if there was no answer.</summary>
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

    /// <summary>What a server may look at before it knows which API is meant.</summary>
    private readonly record struct Way(string BaseUrl, bool IsAnthropic, bool IsForm);
}
