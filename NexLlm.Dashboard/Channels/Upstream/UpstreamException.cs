namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>
/// A provider didn't answer, or its response broke off. The message is for the
/// operator: it names the channel and the cause, never a credential.
/// </summary>
public class UpstreamException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether nothing can have been billed, so the request may be sent to another channel.</summary>
    public virtual bool MayFailOver => false;
}

/// <summary>The request couldn't be delivered: the connection failed, or closed before any part of the response arrived.</summary>
public sealed class UpstreamUnreachableException(string message, Exception? inner = null) : UpstreamException(message, inner)
{
    public override bool MayFailOver => true;
}

/// <summary>The response didn't arrive in time. The provider may still complete the request and bill it.</summary>
public sealed class UpstreamTimeoutException(string message) : UpstreamException(message);
