namespace NexLlm.Dashboard.Benchmarks.Gateway.Clients;

/// <summary>What a number of clients ask for, each again as soon as it has its answer.</summary>
/// <param name="Connections">One connection has one request under way at a time.</param>
/// <param name="Requests">Ready to be sent; the connections go through them in turn.</param>
/// <param name="Expected">Any other answer is counted as wrong.</param>
internal sealed record Load(int Connections, IReadOnlyList<byte[]> Requests, ExpectedAnswer Expected);

/// <param name="BodyLength">In bytes; null where it does not matter.</param>
internal sealed record ExpectedAnswer(int Status, long? BodyLength);
