using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>
/// Sends requests to channels. The URL, headers and credential come from the
/// channel; the client contributes the body and the few headers that describe it.
/// </summary>
public sealed class UpstreamClient(UpstreamTransports transports, IOptions<UpstreamOptions> options, TimeProvider clock) : IDisposable
{
    internal const string UserAgent = "NexLLM-Dashboard";
    internal const string Json = "application/json";

    private readonly TimeoutSweeper _sweeper = new(clock);

    public void Dispose() => _sweeper.Dispose();

    /// <summary>
    /// Returns when the response starts, whatever its status. The caller reports the outcome to
    /// the channel's circuit; only a missing response is reported here. <paramref name="body"/>
    /// isn't copied and may be reused after this method returns. Await the result only once.
    /// </summary>
    /// <param name="passed">Client headers to forward; they replace channel headers of the same name.</param>
    /// <param name="streamed">Whether an event stream is requested.</param>
    /// <param name="cancellation">Cancels the request and the reading of its response.</param>
    /// <param name="contentType">The content type of the body.</param>
    /// <exception cref="UpstreamUnreachableException">The request couldn't be delivered, or the channel is paused.</exception>
    /// <exception cref="UpstreamTimeoutException">The response didn't start in time.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamResponse> SendAsync(
        RouteTarget target, UpstreamApi api, KeyValuePair<string, string>[] passed, ReadOnlyMemory<byte> body, bool streamed, CancellationToken cancellation,
        string contentType = Json)
    {
        var channel = target.Channel;
        if (!channel.Circuit.TryEnter())
        {
            throw new UpstreamUnreachableException($"Channel {channel.Name} is paused.");
        }

        channel.Enter();
        var hold = new CallHold(channel, _sweeper.Rent(), cancellation);
        var began = false;
        try
        {
            hold.Deadline.Start(options.Value.FirstByteTimeout);
            var response = await transports.For(channel).SendAsync(Request(channel, api, passed, body, contentType, streamed), hold.Deadline.Token);
            hold.Deadline.Stop();
            var content = await response.Content.ReadAsStreamAsync(cancellation);
            var answer = new UpstreamResponse(response, Unpacking.Of(response, content), hold, options.Value.IdleTimeout);
            began = true;
            return answer;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            await channel.Circuit.ReportAsync(success: false);
            throw hold.Deadline.HasPassed
                ? new UpstreamTimeoutException($"Channel {channel.Name} did not respond in time.")
                : new UpstreamUnreachableException($"Can't reach channel {channel.Name}: {failure.Message}", failure);
        }
        finally
        {
            if (!began)
            {
                hold.Release(complete: false);
            }
        }
    }

    private static HttpRequestMessage Request(
        LiveChannel channel, UpstreamApi api, KeyValuePair<string, string>[] passed, ReadOnlyMemory<byte> body, string contentType, bool streamed)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        var request = new HttpRequestMessage(HttpMethod.Post, channel.Address(api))
        {
            Content = content,
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("Accept", api.MakesFiles() ? "*/*" : streamed ? "text/event-stream" : Json);
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        foreach (var (name, value) in channel.Headers(api))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        foreach (var (name, value) in passed)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
