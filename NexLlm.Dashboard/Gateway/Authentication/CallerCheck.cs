using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Authentication;

/// <summary>Checks 1 to 6: who calls, and whether the key may be used at all, now and from there.</summary>
internal sealed class CallerCheck(KeyDirectory keys, GroupSnapshots groups, TimeProvider clock)
{
    public ValueTask<Refusal?> CheckAsync(GatewayRequest call)
    {
        if (Credential.Read(call.Http.Request, out var hash) is { } refusal)
        {
            return new(refusal);
        }

        call.KeyHash = hash;
        var finding = keys.FindAsync(hash, call.Http.RequestAborted);
        return finding.IsCompletedSuccessfully ? new(Check(call, finding.Result)) : CheckFoundAsync(call, finding);
    }

    private async ValueTask<Refusal?> CheckFoundAsync(GatewayRequest call, ValueTask<LiveKey?> finding) => Check(call, await finding);

    private Refusal? Check(GatewayRequest call, LiveKey? key)
    {
        if (key is null)
        {
            return Refusal.For(Verdict.InvalidApiKey);
        }

        if (key.IsDeleted)
        {
            call.DeletedKey = key;
            return Refusal.For(Verdict.InvalidApiKey);
        }

        call.Key = key;
        var snapshot = key.Snapshot;
        var verdict = KeyEvaluator.EvaluateCaller(
            snapshot, new AccountSnapshot(key.Account.State.IsActive), groups.Of(snapshot.Policy.GroupId), call.Address, clock.GetUtcNow());
        return verdict is Verdict.Allowed ? null : Refusal.For(verdict, new AskedFor(Address: call.Address));
    }
}
