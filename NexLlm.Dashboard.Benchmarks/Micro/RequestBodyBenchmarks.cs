using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using NexLlm.Dashboard.Benchmarks.Gateway.Clients;
using NexLlm.Dashboard.Benchmarks.Gateway.Servers;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Json;

namespace NexLlm.Dashboard.Benchmarks.Micro;

/// <summary>A chat request of 1.5 KB: read and checked, and written as it goes upstream.</summary>
[MemoryDiagnoser]
public class RequestBodyBenchmarks
{
    private readonly byte[] _body = Encoding.UTF8.GetBytes(Chat.Body(UpstreamManner.Streamed));
    private readonly ArrayBufferWriter<byte> _upstream = new(4 * 1024);
    private ScannedRequest _found;

    [GlobalSetup]
    public void Setup() => Scan();

    [Benchmark(Baseline = true)]
    public bool Scan() => RequestScanner.TryScan(UpstreamApi.ChatCompletions, _body, out _found, out _);

    [Benchmark]
    public bool Write()
    {
        _upstream.ResetWrittenCount();
        return BodyRewriter.TryRewrite(UpstreamApi.ChatCompletions, _body, in _found, "gpt-4o-mini", 256, _upstream);
    }
}
