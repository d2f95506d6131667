using BenchmarkDotNet.Attributes;
using NexLlm.Dashboard.Benchmarks.Gateway.Servers;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Json;

namespace NexLlm.Dashboard.Benchmarks.Micro;

/// <summary>Answers read on their way to the client, for what they used.</summary>
[MemoryDiagnoser]
public class ResponseBenchmarks
{
    private readonly byte[] _plain = FakeUpstream.PlainAnswer.ToArray();
    private readonly byte[] _stream = FakeUpstream.StreamedAnswer.ToArray();

    [Benchmark(Baseline = true)]
    public long? InOnePiece()
    {
        using var reader = ResponseReader.Rent(UpstreamApi.ChatCompletions, dropUsage: true);
        reader.ReadJson(_plain, last: true);
        return reader.OutputTokens;
    }

    /// <summary>50 chunks and what stands around them.</summary>
    [Benchmark]
    public long? Stream()
    {
        using var reader = ResponseReader.Rent(UpstreamApi.ChatCompletions, dropUsage: true);
        var unread = _stream.AsSpan();
        while (reader.NextEvent(unread, out _) is > 0 and var length)
        {
            unread = unread[length..];
        }

        return reader.OutputTokens;
    }
}
