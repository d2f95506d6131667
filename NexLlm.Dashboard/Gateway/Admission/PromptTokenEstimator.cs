using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Gateway.Bodies;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Gateway.Settings;

namespace NexLlm.Dashboard.Gateway.Admission;

/// <summary>Counts the tokens of a call's prompt: a short one at once, a longer one as <see cref="CpuWorkQueue"/>, and never more of it than a bound.</summary>
internal sealed class PromptTokenEstimator(PromptCounter prompts, CpuWorkQueue work, IOptions<GatewayOptions> options)
{
    /// <summary>Takes about two milliseconds.</summary>
    private const int AtOnce = 8 * 1_024;

    private static readonly TimeSpan _perMegabyte = TimeSpan.FromMilliseconds(270);

    /// <summary>A bound of the prompt's tokens that is as low as it is worth the time.</summary>
    /// <param name="room">Once it is certain that there are more, no more are counted.</param>
    /// <returns>Null if there is too much to count already.</returns>
    public async ValueTask<long?> BoundAsync(RoutedRequest request, long room)
    {
        var call = request.Call;
        if (call.Found.PromptBytes <= AtOnce)
        {
            call.Prompt = prompts.Count(request.Body.Span, AtOnce);
        }
        else if (Run(request, () => Within(request, room)) is { } counting)
        {
            call.Prompt = await counting;
        }
        else
        {
            return null;
        }

        return call.Prompt?.AtMost;
    }

    /// <summary>The prompt's tokens as well as they can be told. Never fails: an answer that was made is charged.</summary>
    public ValueTask<long> EstimateAsync(RoutedRequest request)
    {
        var call = request.Call;
        if (call.Prompt is { OtherBytes: 0 } counted)
        {
            return new(counted.Tokens);
        }

        return call.Found.PromptBytes > AtOnce && Run(request, () => prompts.Count(request.Body.Span, options.Value.MaxCountedBytes)) is { } counting
            ? EstimateAsync(counting)
            : new(prompts.Count(request.Body.Span, AtOnce).Estimate);
    }

    /// <summary>Counts something else of the call, within the same bounds.</summary>
    /// <returns>Null where there is no time for it.</returns>
    public async ValueTask<long?> CountAsync(RoutedRequest request, int characters, Func<long> count) => characters <= AtOnce ? count()
        : work.TryRun(request.Key.Account.Id, _perMegabyte * ((double)characters / (1_024 * 1_024)), count) is { } counting ? await counting
        : null;

    private static async ValueTask<long> EstimateAsync(Task<PromptCount> counting) => (await counting).Estimate;

    private PromptCount Within(RoutedRequest request, long room)
    {
        var body = request.Body.Span;
        var most = options.Value.MaxCountedBytes;
        // Measuring costs next to nothing, and often is enough.
        var measured = prompts.Count(body, mostBytes: 0);
        return measured.AtLeast > room || measured.AtMost - most > room ? measured : prompts.Count(body, most, room);
    }

    private Task<PromptCount>? Run(RoutedRequest request, Func<PromptCount> count) => work.TryRun(
        request.Key.Account.Id, _perMegabyte * ((double)Math.Min(request.Call.Found.PromptBytes, options.Value.MaxCountedBytes) / (1_024 * 1_024)), count);
}
