using NexLlm.Dashboard.Gateway.Answers;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>A stream that had begun well goes on with an error event. What came before it has been passed on.</summary>
internal sealed class ErrorEventException(ReportedError error) : Exception($"the upstream reported an error (code {error.Code ?? error.Type ?? "none"})")
{
    public ReportedError Error { get; } = error;
}
