namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>An upstream did not answer, or not to the end. The message is for the operator: it names the channel and the cause, never a credential.</summary>
public class UpstreamException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Nothing billable can have happened: the request may be sent to another channel.</summary>
    public virtual bool MayFailOver => false;
}

/// <summary>The request did not get through: no connection, or one that ended before anything of an answer came.</summary>
public sealed class UpstreamUnreachableException(string message, Exception? inner = null) : UpstreamException(message, inner)
{
    public override bool MayFailOver => true;
}

/// <summary>Nothing came in time. What was asked may still be made, and billed.</summary>
public sealed class UpstreamTimeoutException(string message) : UpstreamException(message);
