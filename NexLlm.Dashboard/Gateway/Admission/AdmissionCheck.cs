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

/// <summary>Scans the body, runs the model stage, and reserves the cost under the quota stage.</summary>
internal sealed class AdmissionCheck(
    ChannelDirectory channels, GroupSnapshots groups, UsageLedger ledger, PromptTokenEstimator prompts, CpuWorkQueue work, IOptions<GatewayOptions> options, TimeProvider clock)
{
    /// <summary>Bodies up to this size are scanned in less than a millisecond.</summary>
    private const int AtOnce = 256 * 1_024;

    private static readonly TimeSpan _scanPerMegabyte = TimeSpan.FromMilliseconds(4);

    public ValueTask<Rejection?> CheckAsync(ReadRequest request) =>
        request.Body.Length > AtOnce ? CheckLargeAsync(request)
        : CheckAccess(request, out var group) is { } refusal ? new(refusal)
        : ReserveAsync(request.Call.Routed, group!);

    /// <summary>Scans the body and runs the model stage, for a request that costs nothing.</summary>
    public ValueTask<Rejection?> CheckAccessAsync(ReadRequest request) =>
        request.Body.Length > AtOnce ? CheckLargeAccessAsync(request) : new(CheckAccess(request, out _));

    private async ValueTask<Rejection?> CheckLargeAccessAsync(ReadRequest request) => (await ScanLargeAsync(request)).Rejection;

    private async ValueTask<Rejection?> CheckLargeAsync(ReadRequest request)
    {
        var (refusal, routes) = await ScanLargeAsync(request);
        return refusal ?? await ReserveAsync(request.Call.Routed, routes!);
    }

    private async ValueTask<(Rejection? Rejection, GroupRoutes? Group)> ScanLargeAsync(ReadRequest request)
    {
        var expected = _scanPerMegabyte * ((double)request.Body.Length / (1_024 * 1_024));
        return work.TryRun(request.Key.Account.Id, expected, () => (CheckAccess(request, out var group), group)) is { } scanning
            ? await scanning
            : (work.Rejection, null);
    }

    /// <summary>Scans the body and runs the model stage. Allocates nothing if the request passes.</summary>
    internal Rejection? CheckAccess(ReadRequest request, out GroupRoutes? group)
    {
        group = null;
        var call = request.Call;
        if (request.Body.Span.StartsWith("\uFEFF"u8))
        {
            request.Body.Discard(3);
        }

        var body = request.Body.Span;
        if (!TryScan(request, body, out var wrong))
        {
            return Rejection.For(wrong!.Verdict, wrong.Message, wrong.Param);
        }

        // The model name becomes a string only through the routes, so an unknown name is rejected without allocating.
        var caller = request.Key.Calling(call.Address, clock.GetUtcNow());
        var policy = caller.Key.Policy;
        group = channels.Current.Group(policy.GroupId);
        Span<char> model = stackalloc char[RequestScanner.LongestModel];
        var routes = group?.Find(model[..call.Found.CopyModel(body, model)]);
        var decision = AccessPolicy.Evaluate(
            caller, new ModelFacts(policy, groups.Of(policy.GroupId), routes?.Model, routes?.Serves(request.Api)));
        if (!decision.IsAllowed)
        {
            return Rejection.For(decision, new RejectedRequest(model[..call.Found.CopyModel(body, model)].ToString(), call.Address, Endpoints: routes?.Endpoints));
        }

        call.Routes = routes!;
        return null;
    }

    private ValueTask<Rejection?> ReserveAsync(RoutedRequest request, GroupRoutes group)
    {
        var call = request.Call;
        if (call.Media is { } asked)
        {
            return new(ReserveMedia(request, group, asked));
        }

        var room = ledger.RoomFor(request.Key, group.RatioMillionths);
        if (CostBound.Of(request.Api, call.Found, request.Routes, options.Value) is not { } bound)
        {
            if (room is not null)
            {
                return new(Rejection.For(Verdict.InvalidRequest,
                    "Audio and files are not available to a key or account with a quota, because this model's context window is not configured. Ask an administrator to set it.",
                    null));
            }

            bound = new CostBound(call.Found.PromptBytes, options.Value.DefaultMaxOutputTokens, call.Found.Answers);
        }

        var verdict = TryReserve(request, group, bound);
        return verdict is Verdict.InsufficientQuota or Verdict.InsufficientAccountQuota or Verdict.QuotaReserved && room is { } most
            ? ReserveCountedAsync(request, group, bound, most, verdict)
            : new(Decided(request, group, bound, room, verdict));
    }

    /// <summary>
    /// Counts the prompt's tokens, since bytes overestimate them several times. This is worth its time only if some prompt could
    /// fit beside the output.
    /// </summary>
    private async ValueTask<Rejection?> ReserveCountedAsync(RoutedRequest request, GroupRoutes group, CostBound bound, long room, Verdict verdict)
    {
        var call = request.Call;
        if (room > bound.Answers)
        {
            if (!call.Found.HasUnknownPart)
            {
                if (await prompts.BoundAsync(request, room) is not { } tokens)
                {
                    return work.Rejection;
                }

                bound = bound.Counted(tokens, call.Found, request.Routes, options.Value);
            }

            if (bound.Total > room && bound.Answers > 0 && (room - bound.Prompt) / bound.Answers is > 0 and var fitting)
            {
                bound = bound with { Cap = fitting };
            }

            verdict = TryReserve(request, group, bound);
        }

        return Decided(request, group, bound, room, verdict);
    }

    /// <summary>If a quota applies, the output cap sent upstream is limited to what was reserved.</summary>
    private Rejection? Decided(RoutedRequest request, GroupRoutes group, CostBound bound, long? room, Verdict verdict)
    {
        var call = request.Call;
        call.Bound = bound;
        call.IsLimited = room is not null;
        call.Cap = room is not null && bound.Answers > 0 && (call.Found.Cap ?? long.MaxValue) > bound.Cap ? bound.Cap : null;
        return verdict is Verdict.Allowed ? null
            : Rejection.For(verdict, new RejectedRequest(
                Tokens: Price.Of(bound.Prompt, bound.Output, group.RatioMillionths), Quota: ledger.QuotaOf(request.Key)));
    }

    private static bool TryScan(ReadRequest request, ReadOnlySpan<byte> body, out BodyError? wrong)
    {
        var (call, api) = (request.Call, request.Api);
        if (DialectRegistry.Describe(api).Media is null)
        {
            return RequestScanner.TryScan(api, body, out call.Found, out wrong);
        }

        var right = MediaScanner.TryScan(api, body, call.Http.Request.ContentType, out call.Found, out var media, out wrong);
        call.Media = media;
        return right;
    }

    /// <summary>Media output can't be capped, so the request either has a known bound or is rejected where a quota applies.</summary>
    private Rejection? ReserveMedia(RoutedRequest request, GroupRoutes group, MediaRequest asked)
    {
        var call = request.Call;
        call.Media = asked with { MostSeconds = MediaPrice.MostSeconds(asked, options.Value) };
        call.IsLimited = ledger.RoomFor(request.Key, group.RatioMillionths) is not null;
        var bound = MediaCostBound.Of(request.Api, asked, request.Routes, options.Value);
        if (bound is null && call.IsLimited)
        {
            return Rejection.For(Verdict.InvalidRequest, MediaCostBound.Unknown(request.Api, request.Routes.Model), "model");
        }

        call.Bound = bound ?? new CostBound(CostBound.FixedOverhead + asked.TextBytes, Cap: 0, Answers: 0);
        var verdict = TryReserve(request, group, call.Bound);
        return verdict is Verdict.Allowed ? null
            : Rejection.For(verdict, new RejectedRequest(
                Tokens: Price.Of(call.Bound.Prompt, call.Bound.Output, group.RatioMillionths), Quota: ledger.QuotaOf(request.Key)));
    }

    private Verdict TryReserve(RoutedRequest request, GroupRoutes group, CostBound bound)
    {
        if (bound.Total is < 0 or > TokenQuota.MaxTokens)
        {
            return Verdict.InsufficientQuota;
        }

        var verdict = ledger.TryReserve(
            request.Key,
            new ReservationRequest(request.Call.RequestId, group.Id, request.Routes.Model, group.RatioMillionths, bound.Prompt, bound.Output, clock.GetUtcNow()),
            out var ticket);
        if (ticket is not null)
        {
            request.Call.Ticket = ticket;
        }

        return verdict;
    }
}
