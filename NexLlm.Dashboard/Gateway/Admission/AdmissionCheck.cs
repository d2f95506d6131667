using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Gateway.Admission;

/// <summary>Checks 7 to 11: what is asked for, whether the key may, and whether its quotas suffice; then they are reserved.</summary>
internal sealed class AdmissionCheck(
    ChannelDirectory channels, GroupSnapshots groups, UsageLedger ledger, PromptCounter prompts, IOptions<GatewayOptions> options, TimeProvider clock)
{
    public Refusal? Check(GatewayCall call) => CheckAccess(call, out var group) ?? Reserve(call, group!);

    /// <summary>Checks 7 to 9, which cost nothing: no allocation either, when they pass.</summary>
    internal Refusal? CheckAccess(GatewayCall call, out GroupRoutes? group)
    {
        group = null;
        var body = call.Body!.Span;
        if (!RequestScanner.TryScan(call.Api!.Value, body, out call.Found, out var wrong))
        {
            return Refusal.For(wrong!.Verdict, wrong.Message, wrong.Param);
        }

        // Of the model's name only the routes make a text: an unknown one is refused without.
        var key = call.Key!;
        var snapshot = key.Snapshot;
        group = channels.Current.Group(snapshot.Policy.GroupId);
        Span<char> model = stackalloc char[RequestScanner.LongestModel];
        var routes = group?.Find(model[..call.Found.CopyModel(body, model)]);
        var access = KeyEvaluator.EvaluateAccess(
            snapshot, new AccountSnapshot(key.Account.State.IsActive), groups.Of(snapshot.Policy.GroupId),
            new RequestFacts(routes?.Model, call.Address, 0), clock.GetUtcNow());
        if (access is not Verdict.Allowed)
        {
            return Refusal.For(access, new AskedFor(model[..call.Found.CopyModel(body, model)].ToString(), call.Address));
        }

        call.Routes = routes!;
        return routes!.Speaks(call.Api.Value) ? null
            : Refusal.For(Verdict.WrongEndpoint, new AskedFor(routes.Model, Endpoints: routes.Endpoints));
    }

    private Refusal? Reserve(GatewayCall call, GroupRoutes group)
    {
        var routes = call.Routes!;
        var room = ledger.RoomFor(call.Key!, group.RatioMillionths);
        if (RequestBound.Of(call.Api!.Value, call.Found, routes, options.Value) is not { } bound)
        {
            if (room is not null)
            {
                return Refusal.For(Verdict.InvalidRequest,
                    "Audio and files are not available to a key or account with a quota, because this model's context window is not configured. Ask an administrator to set it.",
                    null);
            }

            bound = new RequestBound(call.Found.PromptBytes, options.Value.DefaultMaxOutputTokens, call.Found.Answers);
        }

        var verdict = TryReserve(call, group, bound);
        if (verdict is Verdict.InsufficientQuota or Verdict.InsufficientAccountQuota or Verdict.QuotaReserved && room is { } most)
        {
            // Bytes are several times the tokens: only now is counting them worth its time.
            bound = bound.Counted(prompts.Count(call.Body!.Span), call.Found, routes, options.Value);
            if (bound.Total > most && bound.Answers > 0 && (most - bound.Prompt) / bound.Answers is > 0 and var fitting)
            {
                bound = bound with { Cap = fitting };
            }

            verdict = TryReserve(call, group, bound);
        }

        // Where a quota holds, what was reserved is also what the upstream is held to.
        call.Bound = bound;
        call.IsLimited = room is not null;
        call.Cap = room is not null && bound.Answers > 0 && (call.Found.Cap ?? long.MaxValue) > bound.Cap ? bound.Cap : null;
        return verdict is Verdict.Allowed ? null
            : Refusal.For(verdict, new AskedFor(
                Tokens: Price.Of(bound.Prompt, bound.Output, group.RatioMillionths), Quota: ledger.QuotaOf(call.Key!)));
    }

    private Verdict TryReserve(GatewayCall call, GroupRoutes group, RequestBound bound)
    {
        if (bound.Total is < 0 or > TokenQuota.MaxTokens)
        {
            return Verdict.InsufficientQuota;
        }

        var verdict = ledger.TryReserve(
            call.Key!,
            new Dispatch(call.RequestId, group.Id, call.Routes!.Model, group.RatioMillionths, bound.Prompt, bound.Output, clock.GetUtcNow()),
            out var ticket);
        if (ticket is not null)
        {
            call.Ticket = ticket;
        }

        return verdict;
    }
}
