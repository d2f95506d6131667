using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>Why a body is refused, in words for its sender.</summary>
/// <param name="Message">What to send instead.</param>
/// <param name="Param">The member in question; null when it is the body as a whole.</param>
public sealed record BodyError(Verdict Verdict, string Message, string? Param)
{
    internal static BodyError Invalid(string message, string? param = null) => new(Verdict.InvalidRequest, message, param);

    /// <summary>A member that would lead the request elsewhere than to what was checked.</summary>
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
