using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Admission;

/// <summary>Limits the concurrent requests of a key, and of all keys of an account.</summary>
internal sealed class ConcurrencyLimit(ConcurrencySettings limits)
{
    /// <summary>Call this once the caller is known. The slot is released when the call ends.</summary>
    /// <returns>Null if a slot was free, otherwise the error for the client.</returns>
    public Rejection? Enter(AuthenticatedRequest caller)
    {
        var key = caller.Key;
        caller.Call.HasPlace = true;
        var (ofKey, ofAccount) = (Interlocked.Increment(ref key.Running), Interlocked.Increment(ref key.Account.Running));
        var decision = AccessPolicy.Evaluate(limits.Facts(ofKey - 1, ofAccount - 1));
        return decision.IsAllowed ? null : Rejection.For(decision);
    }
}
