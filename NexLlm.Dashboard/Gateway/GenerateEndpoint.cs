using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Gateway.Admission;
using NexLlm.Dashboard.Gateway.Authentication;
using NexLlm.Dashboard.Gateway.Relay;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway;

/// <summary>Everything that a model answers: check, reserve, relay, charge.</summary>
internal sealed class GenerateEndpoint(CallerCheck callers, AdmissionCheck admission, RequestRelay relay, IOptions<GatewayOptions> options)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Refusal?> RunAsync(GatewayCall call)
    {
        if (await callers.CheckAsync(call) is { } unknown)
        {
            return unknown;
        }

        var key = call.Key!;
        try
        {
            if (Interlocked.Increment(ref key.Running) > options.Value.MaxConcurrentPerKey)
            {
                return Refusal.For(Verdict.TooManyRequests);
            }

            return await RequestBody.ReadAsync(call, options.Value.MaxBodyBytes)
                ?? admission.Check(call)
                ?? await relay.RunAsync(call);
        }
        finally
        {
            Interlocked.Decrement(ref key.Running);
        }
    }
}
