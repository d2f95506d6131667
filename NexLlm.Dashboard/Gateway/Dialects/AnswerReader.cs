using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>
/// Reads an upstream's answer on its way to the client: where its events end, what it says was used, and what text was
/// made in case it never says. One reader a request; nothing that an upstream sends makes it throw.
/// </summary>
/// <param name="dropUsage">Whether a stream's chunk that holds only usage is dropped, because the client did not ask for it.</param>
public sealed class AnswerReader(UpstreamApi api, bool dropUsage) : IDisposable
{
    /// <summary>The most bytes of one event.</summary>
    public const int LongestEvent = 16 * 1024 * 1024;

    public void Dispose() => _ = (api, dropUsage);
}
