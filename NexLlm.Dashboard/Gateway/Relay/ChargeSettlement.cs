using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Gateway.Admission;
using NexLlm.Dashboard.Gateway.Costs;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Gateway.Media;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>Determines the charge of a request: the provider's figures if plausible, otherwise the gateway's own count.</summary>
internal sealed class ChargeSettlement(AdmittedRequest request, ResponseReader reader, PromptTokenEstimator prompts, TokenCounter tokens)
{
    /// <summary>More than any model reads or writes; larger figures are errors, even if no quota limits the request.</summary>
    private const long MostTokens = 1_000_000_000;

    /// <summary>The assumed tokens of an image if the provider reports none: a typical image on a typical model.</summary>
    private const int UnreportedImage = 1_000;

    public bool IsClosed { get; private set; }

    /// <summary>Whether the provider is known to have generated anything.</summary>
    public bool HasOutput => reader.Deltas > 0 || reader.OutputTokens > 0 || (request.Call.Media is not null && reader.HasBegun);

    public void Checkpoint() => request.Ticket.Checkpoint(reader.Deltas);

    /// <summary>Settles the charge, which is durable on completion.</summary>
    /// <exception cref="StorageUnavailableException">The charge is kept in memory and written as soon as storage works again.</exception>
    public ValueTask SettleAsync()
    {
        if (IsClosed)
        {
            return default;
        }

        IsClosed = true;
        if (request.Call.Media is { } asked)
        {
            return SettleAsync(asked);
        }

        var (input, output) = Reported();
        return input is { } i && output is { } o
            ? request.Ticket.SettleAsync(new Settlement(i, o, UsageSource.Upstream))
            : SettleCountedAsync(input, output);
    }

    /// <summary>Settles an interrupted response by what was generated, or charges nothing if there was no output.</summary>
    /// <exception cref="StorageUnavailableException">See <see cref="SettleAsync()"/>.</exception>
    public ValueTask CloseAsync()
    {
        if (HasOutput)
        {
            return SettleAsync();
        }

        Abandon();
        return default;
    }

    /// <summary>Ends the charge without charging, because nothing was generated.</summary>
    public void Abandon()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            request.Ticket.Abandon();
        }
    }

    private async ValueTask SettleCountedAsync(long? input, long? output) => await request.Ticket.SettleAsync(
        new Settlement(input ?? await CountedInputAsync(), output ?? await CountedOutputAsync(), UsageSource.Counted));

    private (long? Input, long? Output) Reported()
    {
        var bound = request.Call.Bound;
        var input = Plausible(reader.InputTokens, request.Call.IsLimited && !bound.HasOpenInput ? bound.Prompt : MostTokens);
        var output = Plausible(reader.OutputTokens ?? (DialectRegistry.Describe(request.Routed.Api).HasOutput ? null : 0), request.Call.IsLimited ? bound.Output : MostTokens);
        return (input, output);
    }

    private ValueTask SettleAsync(MediaRequest asked) => MediaCharge.Known(DialectRegistry.Describe(request.Routed.Api).Media!, asked, request.Call.Price, reader) is { } known
        ? request.Ticket.SettleAsync(known)
        : SettleEstimatedAsync(asked);

    private async ValueTask SettleEstimatedAsync(MediaRequest asked)
    {
        var text = asked.Form is null ? await prompts.EstimateAsync(request.Routed) : 0;
        await request.Ticket.SettleAsync(MediaCharge.Estimated(DialectRegistry.Describe(request.Routed.Api).Media!, asked, text, reader, tokens));
    }

    private static long? Plausible(long? reported, long most) => reported is >= 0 && reported <= most ? reported : null;

    private async ValueTask<long> CountedInputAsync() => await prompts.EstimateAsync(request.Routed) + ((long)request.Call.Found.Images * UnreportedImage);

    private async ValueTask<long> CountedOutputAsync() => Math.Max(
        reader.Deltas > 0 ? 1 : 0,
        await prompts.CountAsync(request.Routed, reader.TextLength, () => reader.CountText(tokens)) ?? reader.EstimatedText);
}
