using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>Why a body is refused, in words for its sender.</summary>
/// <param name="Message">What to send instead.</param>
/// <param name="Param">The member in question; null when it is the body as a whole.</param>
public sealed record BodyError(Verdict Verdict, string Message, string? Param)
{
    internal static BodyError Invalid(string message, string? param = null) => new(Verdict.InvalidRequest, message, param);

    internal static BodyError KeptUpstream(string param) => new(
        Verdict.UnsupportedState,
        $"'{param}' refers to what is kept at the provider, which cannot be used here. Send everything that the request needs in its body.",
        param);
}
