using System.Runtime.CompilerServices;
using NexLlm.Dashboard.Gateway.Admission;
using NexLlm.Dashboard.Gateway.Authentication;
using NexLlm.Dashboard.Gateway.Bodies;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Relay;
using NexLlm.Dashboard.Gateway.Requests;

namespace NexLlm.Dashboard.Gateway;

/// <summary>Requests answered by a model: check, reserve, relay, charge.</summary>
internal sealed class GenerateEndpoint(CallerCheck callers, ConcurrencyLimit places, RequestBodyReader body, AdmissionCheck admission, RequestRelay relay)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Rejection?> RunAsync(GatewayRequest call) =>
        await callers.CheckAsync(call)
            ?? places.Enter(call.Authenticated)
            ?? await body.ReadAsync(call.Authenticated)
            ?? await admission.CheckAsync(call.Read)
            ?? await relay.RunAsync(call.Admitted);
}
