using System.Collections.Frozen;
using System.Net;
using BenchmarkDotNet.Attributes;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Benchmarks.Micro;

/// <summary>Every check of a key that has every kind of restriction and passes them all.</summary>
[MemoryDiagnoser]
public class EvaluatorBenchmarks
{
    private static readonly DateTimeOffset _now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] _models = ["gpt-4o", "gpt-4o-mini", "o3"];

    private readonly KeySnapshot _key = new(true, RestrictedPolicy.Of(_models, 1, _now));

    private readonly AccountSnapshot _account = new(true);
    private readonly GroupSnapshot _group = new(1, "default", _models.ToFrozenSet());
    private readonly QuotaSnapshot _quota = new(new TokenQuota(1_000_000, 5_000), new TokenQuota(10_000_000, 70_000));
    private readonly RequestFacts _request = new("gpt-4o-mini", new IPAddress([127, 0, 0, 1]), 1_800);

    [Benchmark(Baseline = true)]
    public Verdict Evaluate() => KeyEvaluator.Evaluate(_key, _account, _group, _quota, _request, _now);

    [Benchmark]
    public Verdict Caller() => KeyEvaluator.EvaluateCaller(_key, _account, _group, _request.Address, _now);

    [Benchmark]
    public Verdict Quota() => KeyEvaluator.EvaluateQuota(_quota, _request.Tokens);
}
