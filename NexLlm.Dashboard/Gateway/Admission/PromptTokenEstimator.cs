using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Gateway.Bodies;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Gateway.Settings;

namespace NexLlm.Dashboard.Gateway.Admission;

/// <summary>
/// Counts the tokens of a call's prompt: short prompts inline, longer ones on <see cref="CpuWorkQueue"/>, and never beyond a
/// limit.
/// </summary>
internal sealed class PromptTokenEstimator(PromptCounter prompts, CpuWorkQueue work, IOptions<GatewayOptions> options)
{
    /// <summary>Counting this much takes about two milliseconds.</summary>
    private const int AtOnce = 8 * 1_024;

    private static readonly TimeSpan _perMegabyte = TimeSpan.FromMilliseconds(270);

    /// <summary>An upper bound of the prompt's tokens, as low as is worth the time to compute.</summary>
    /// <param name="room">Counting stops once it is certain that the prompt exceeds this.</param>
    /// <returns>Null if the backlog is already too long.</returns>
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

    /// <summary>The best available estimate of the prompt's tokens. Never fails, because a generated response must be charged.</summary>
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

    /// <summary>Counts other text of the call, within the same limits.</summary>
    /// <returns>Null if there is no time for it.</returns>
    public async ValueTask<long?> CountAsync(RoutedRequest request, int characters, Func<long> count) => characters <= AtOnce ? count()
        : work.TryRun(request.Key.Account.Id, _perMegabyte * ((double)characters / (1_024 * 1_024)), count) is { } counting ? await counting
        : null;

    private static async ValueTask<long> EstimateAsync(Task<PromptCount> counting) => (await counting).Estimate;

    private PromptCount Within(RoutedRequest request, long room)
    {
        var body = request.Body.Span;
        var most = options.Value.MaxCountedBytes;
        // Measuring is almost free and often sufficient.
        var measured = prompts.Count(body, mostBytes: 0);
        return measured.AtLeast > room || measured.AtMost - most > room ? measured : prompts.Count(body, most, room);
    }

    private Task<PromptCount>? Run(RoutedRequest request, Func<PromptCount> count) => work.TryRun(
        request.Key.Account.Id, _perMegabyte * ((double)Math.Min(request.Call.Found.PromptBytes, options.Value.MaxCountedBytes) / (1_024 * 1_024)), count);
}
