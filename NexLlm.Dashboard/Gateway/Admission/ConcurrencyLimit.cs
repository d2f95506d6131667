using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Gateway.Settings;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Admission;

/// <summary>How many requests a key, and all keys of an account together, have in progress at once.</summary>
internal sealed class ConcurrencyLimit(IOptions<GatewayOptions> options)
{
    private static readonly Refusal _account = Refusal.For(
        Verdict.TooManyRequests, "This account has too many requests in progress. Retry after some have finished.", null);

    /// <summary>Call it once the caller is known. The place is free again when the call ends.</summary>
    /// <returns>Null if there was a place, else what the client is told.</returns>
    public Refusal? Enter(GatewayRequest call)
    {
        var key = call.Key!;
        call.HasPlace = true;
        var (ofKey, ofAccount) = (Interlocked.Increment(ref key.Running), Interlocked.Increment(ref key.Account.Running));
        return ofKey > options.Value.MaxConcurrentPerKey ? Refusal.For(Verdict.TooManyRequests)
            : ofAccount > options.Value.MaxConcurrentPerAccount ? _account
            : null;
    }
}
