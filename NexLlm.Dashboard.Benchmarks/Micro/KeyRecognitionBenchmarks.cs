using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Benchmarks.Micro;

/// <summary>From the text of a credential to what is looked up.</summary>
[MemoryDiagnoser]
public class KeyRecognitionBenchmarks
{
    private readonly string _secret = KeySecret.Generate().Reveal();
    private readonly byte[] _hash = new byte[SHA256.HashSizeInBytes];

    [Benchmark]
    public bool WellFormed() => KeySecret.IsWellFormed(_secret);

    [Benchmark]
    public void Hash() => KeySecret.HashInto(_secret, _hash);
}
