using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Admission;

/// <summary>How many requests a key, and all keys of an account together, have in progress at once.</summary>
internal sealed class ConcurrencyLimit(ConcurrencyLimits limits)
{
    /// <summary>Call it once the caller is known. The place is free again when the call ends.</summary>
    /// <returns>Null if there was a place, else what the client is told.</returns>
    public Refusal? Enter(AuthenticatedRequest caller)
    {
        var key = caller.Key;
        caller.Call.HasPlace = true;
        var (ofKey, ofAccount) = (Interlocked.Increment(ref key.Running), Interlocked.Increment(ref key.Account.Running));
        var decision = AccessPolicy.Evaluate(limits.Facts(ofKey - 1, ofAccount - 1));
        return decision.IsAllowed ? null : Refusal.For(decision);
    }
}
