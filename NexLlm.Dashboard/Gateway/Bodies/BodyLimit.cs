namespace NexLlm.Dashboard.Gateway.Bodies;

/// <summary>How large a body may be, uncompressed.</summary>
/// <param name="Beyond">What the client is told whose body is larger.</param>
internal readonly record struct BodyLimit(long Bytes, Refusal Beyond);
