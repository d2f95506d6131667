using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>Why a body is rejected, worded for the client.</summary>
/// <param name="Message">What to send instead.</param>
/// <param name="Param">The field in question; null if it is the whole body.</param>
public sealed record BodyError(Verdict Verdict, string Message, string? Param)
{
    internal static BodyError Invalid(string message, string? param = null) => new(Verdict.InvalidRequest, message, param);

    /// <summary>The error for a field that would route the request to something other than what was validated.</summary>
    internal static BodyError Steering(string param) => Invalid(
        param switch
        {
            "extra_body" => "'extra_body' is not supported. Move its members to the top level of the body.",
            "models" or "fallbacks" or "preset" or "adapter_id" => $"'{param}' is not supported: a request uses the one model named in 'model'. Remove it.",
            _ => $"'{param}' is not supported: the gateway sets the provider's address and credentials. Remove it.",
        },
        param);

    internal static BodyError KeptUpstream(string param) => new(
        Verdict.UnsupportedState,
        $"'{param}' refers to data stored at the provider, which is not supported. Include the content in the request.",
        param);
}
