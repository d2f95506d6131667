using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Authentication;

/// <summary>Validates the credential, then runs the caller stage of <see cref="AccessPolicy"/>.</summary>
internal sealed class CallerCheck(KeyDirectory keys, TimeProvider clock)
{
    public ValueTask<Rejection?> CheckAsync(GatewayRequest call)
    {
        if (Credential.Read(call.Http.Request, out var hash) is { } refusal)
        {
            return new(refusal);
        }

        call.KeyHash = hash;
        var finding = keys.FindAsync(hash, call.Http.RequestAborted);
        return finding.IsCompletedSuccessfully ? new(Check(call, finding.Result)) : CheckFoundAsync(call, finding);
    }

    private async ValueTask<Rejection?> CheckFoundAsync(GatewayRequest call, ValueTask<LiveKey?> finding) => Check(call, await finding);

    private Rejection? Check(GatewayRequest call, LiveKey? key)
    {
        if (key is null)
        {
            return Rejection.For(Verdict.InvalidApiKey);
        }

        if (key.IsDeleted)
        {
            call.DeletedKey = key;
            return Rejection.For(Verdict.InvalidApiKey);
        }

        call.Key = key;
        var decision = AccessPolicy.Evaluate(key.Calling(call.Address, clock.GetUtcNow()));
        return decision.IsAllowed ? null : Rejection.For(decision, new RejectedRequest(Address: call.Address));
    }
}
