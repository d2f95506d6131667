using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Gateway.Bodies;
using NexLlm.Dashboard.Gateway.Costs;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Gateway.Media;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Gateway.Settings;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Gateway.Admission;

/// <summary>Checks 7 to 11: validates the body and the key's permissions, checks the quotas, and reserves the cost.</summary>
internal sealed class AdmissionCheck(
    ChannelDirectory channels, GroupSnapshots groups, UsageLedger ledger, PromptTokenEstimator prompts, CpuWorkQueue work, IOptions<GatewayOptions> options, TimeProvider clock)
{
    /// <summary>Bodies up to this size are scanned in less than a millisecond.</summary>
    private const int AtOnce = 256 * 1_024;

    private static readonly TimeSpan _scanPerMegabyte = TimeSpan.FromMilliseconds(4);

    public ValueTask<Refusal?> CheckAsync(GatewayRequest call) =>
        call.Body!.Length > AtOnce ? CheckLargeAsync(call)
        : CheckAccess(call, out var group) is { } refusal ? new(refusal)
        : ReserveAsync(call, group!);

    /// <summary>Runs checks 7 to 9 only, for a request that costs nothing.</summary>
    public ValueTask<Refusal?> CheckAccessAsync(GatewayRequest call) =>
        call.Body!.Length > AtOnce ? CheckLargeAccessAsync(call) : new(CheckAccess(call, out _));

    private async ValueTask<Refusal?> CheckLargeAccessAsync(GatewayRequest call) => (await ScanLargeAsync(call)).Refusal;

    private async ValueTask<Refusal?> CheckLargeAsync(GatewayRequest call)
    {
        var (refusal, routes) = await ScanLargeAsync(call);
        return refusal ?? await ReserveAsync(call, routes!);
    }

    private async ValueTask<(Refusal? Refusal, GroupRoutes? Group)> ScanLargeAsync(GatewayRequest call)
    {
        var expected = _scanPerMegabyte * ((double)call.Body!.Length / (1_024 * 1_024));
        return work.TryRun(call.Key!.Account.Id, expected, () => (CheckAccess(call, out var group), group)) is { } scanning
            ? await scanning
            : (work.Refusal, null);
    }

    /// <summary>Checks 7 to 9. They cost nothing, and allocate nothing when they pass.</summary>
    internal Refusal? CheckAccess(GatewayRequest call, out GroupRoutes? group)
    {
        group = null;
        if (call.Body!.Span.StartsWith("\uFEFF"u8))
        {
            call.Body.Discard(3);
        }

        var body = call.Body.Span;
        if (!TryScan(call, body, out var wrong))
        {
            return Refusal.For(wrong!.Verdict, wrong.Message, wrong.Param);
        }

        // The model name becomes a string only through the routes, so an unknown name is rejected without allocating.
        var caller = call.Key!.Calling(call.Address, clock.GetUtcNow());
        var policy = caller.Key.Policy;
        group = channels.Current.Group(policy.GroupId);
        Span<char> model = stackalloc char[RequestScanner.LongestModel];
        var routes = group?.Find(model[..call.Found.CopyModel(body, model)]);
        var decision = AccessPolicy.Evaluate(
            caller, new ModelFacts(policy, groups.Of(policy.GroupId), routes?.Model, routes?.Serves(call.Api!.Value)));
        if (!decision.IsAllowed)
        {
            return Refusal.For(decision, new AskedFor(model[..call.Found.CopyModel(body, model)].ToString(), call.Address, Endpoints: routes?.Endpoints));
        }

        call.Routes = routes!;
        return null;
    }

    private ValueTask<Refusal?> ReserveAsync(GatewayRequest call, GroupRoutes group)
    {
        if (call.Media is { } asked)
        {
            return new(ReserveMedia(call, group, asked));
        }

        var routes = call.Routes!;
        var room = ledger.RoomFor(call.Key!, group.RatioMillionths);
        if (CostBound.Of(call.Api!.Value, call.Found, routes, options.Value) is not { } bound)
        {
            if (room is not null)
            {
                return new(Refusal.For(Verdict.InvalidRequest,
                    "Audio and files are not available to a key or account with a quota, because this model's context window is not configured. Ask an administrator to set it.",
                    null));
            }

            bound = new CostBound(call.Found.PromptBytes, options.Value.DefaultMaxOutputTokens, call.Found.Answers);
        }

        var verdict = TryReserve(call, group, bound);
        return verdict is Verdict.InsufficientQuota or Verdict.InsufficientAccountQuota or Verdict.QuotaReserved && room is { } most
            ? ReserveCountedAsync(call, group, bound, most, verdict)
            : new(Decided(call, group, bound, room, verdict));
    }

    /// <summary>
    /// Counts the prompt's tokens, since bytes overestimate them several times. This is worth its time only if some prompt could
    /// fit beside the output.
    /// </summary>
    private async ValueTask<Refusal?> ReserveCountedAsync(GatewayRequest call, GroupRoutes group, CostBound bound, long room, Verdict verdict)
    {
        if (room > bound.Answers)
        {
            if (!call.Found.HasUnknownPart)
            {
                if (await prompts.BoundAsync(call, room) is not { } tokens)
                {
                    return work.Refusal;
                }

                bound = bound.Counted(tokens, call.Found, call.Routes!, options.Value);
            }

            if (bound.Total > room && bound.Answers > 0 && (room - bound.Prompt) / bound.Answers is > 0 and var fitting)
            {
                bound = bound with { Cap = fitting };
            }

            verdict = TryReserve(call, group, bound);
        }

        return Decided(call, group, bound, room, verdict);
    }

    /// <summary>If a quota applies, the output cap sent upstream is limited to what was reserved.</summary>
    private Refusal? Decided(GatewayRequest call, GroupRoutes group, CostBound bound, long? room, Verdict verdict)
    {
        call.Bound = bound;
        call.IsLimited = room is not null;
        call.Cap = room is not null && bound.Answers > 0 && (call.Found.Cap ?? long.MaxValue) > bound.Cap ? bound.Cap : null;
        return verdict is Verdict.Allowed ? null
            : Refusal.For(verdict, new AskedFor(
                Tokens: Price.Of(bound.Prompt, bound.Output, group.RatioMillionths), Quota: ledger.QuotaOf(call.Key!)));
    }

    private static bool TryScan(GatewayRequest call, ReadOnlySpan<byte> body, out BodyError? wrong)
    {
        var api = call.Api!.Value;
        if (DialectRegistry.Describe(api).Media is null)
        {
            return RequestScanner.TryScan(api, body, out call.Found, out wrong);
        }

        var right = MediaScanner.TryScan(api, body, call.Http.Request.ContentType, out call.Found, out var media, out wrong);
        call.Media = media;
        return right;
    }

    /// <summary>Media output can't be capped, so the request either has a known bound or is rejected where a quota applies.</summary>
    private Refusal? ReserveMedia(GatewayRequest call, GroupRoutes group, MediaRequest asked)
    {
        call.Media = asked with { MostSeconds = MediaPrice.MostSeconds(asked, options.Value) };
        call.IsLimited = ledger.RoomFor(call.Key!, group.RatioMillionths) is not null;
        var bound = MediaCostBound.Of(call.Api!.Value, asked, call.Routes!, options.Value);
        if (bound is null && call.IsLimited)
        {
            return Refusal.For(Verdict.InvalidRequest, MediaCostBound.Unknown(call.Api.Value, call.Routes!.Model), "model");
        }

        call.Bound = bound ?? new CostBound(CostBound.FixedOverhead + asked.TextBytes, Cap: 0, Answers: 0);
        var verdict = TryReserve(call, group, call.Bound);
        return verdict is Verdict.Allowed ? null
            : Refusal.For(verdict, new AskedFor(
                Tokens: Price.Of(call.Bound.Prompt, call.Bound.Output, group.RatioMillionths), Quota: ledger.QuotaOf(call.Key!)));
    }

    private Verdict TryReserve(GatewayRequest call, GroupRoutes group, CostBound bound)
    {
        if (bound.Total is < 0 or > TokenQuota.MaxTokens)
        {
            return Verdict.InsufficientQuota;
        }

        var verdict = ledger.TryReserve(
            call.Key!,
            new ReservationRequest(call.RequestId, group.Id, call.Routes!.Model, group.RatioMillionths, bound.Prompt, bound.Output, clock.GetUtcNow()),
            out var ticket);
        if (ticket is not null)
        {
            call.Ticket = ticket;
        }

        return verdict;
    }
}
