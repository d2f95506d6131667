using System.Collections.Frozen;
using System.Net;
using BenchmarkDotNet.Attributes;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Benchmarks.Micro;

/// <summary>Every check of a key that has every kind of restriction and passes them all.</summary>
[MemoryDiagnoser]
public class PolicyBenchmarks
{
    private static readonly DateTimeOffset _now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] _models = ["gpt-4o", "gpt-4o-mini", "o3"];

    private readonly KeySnapshot _key = new(true, RestrictedPolicy.Of(_models, 1, _now));

    private readonly CallerFacts _caller;
    private readonly ConcurrencyFacts _concurrency = new(new(3, 256), new(7, 512));
    private readonly ModelFacts _model;
    private readonly QuotaFacts _quota = new(new QuotaSnapshot(new TokenQuota(1_000_000, 5_000), new TokenQuota(10_000_000, 70_000)), 1_800);

    public PolicyBenchmarks()
    {
        _caller = new(_key, new AccountSnapshot(true), new IPAddress([127, 0, 0, 1]), _now);
        _model = new(_key.Policy, new GroupSnapshot(1, "default", _models.ToFrozenSet()), "gpt-4o-mini", IsServed: true);
    }

    [Benchmark(Baseline = true)]
    public bool All() =>
        AccessPolicy.Evaluate(_caller).IsAllowed && AccessPolicy.Evaluate(_concurrency).IsAllowed
        && AccessPolicy.Evaluate(_caller, _model).IsAllowed && AccessPolicy.Evaluate(_quota).IsAllowed;

    [Benchmark]
    public Decision Caller() => AccessPolicy.Evaluate(_caller);

    [Benchmark]
    public Decision Quota() => AccessPolicy.Evaluate(_quota);
}
