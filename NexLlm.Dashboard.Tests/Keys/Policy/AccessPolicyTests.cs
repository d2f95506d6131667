using System.Collections.Frozen;
using System.Net;
using System.Reflection;
using CsCheck;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Tests.Keys.Policy;

public sealed class AccessPolicyTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
    private static readonly IPAddress _home = new([203, 0, 113, 7]);
    private static readonly GroupSnapshot _group = new(1, "default", FrozenSet.Create(StringComparer.Ordinal, "gpt-4o", "gpt-4o-mini"));

    // The order that is promised, written down once more.
    private static readonly Verdict[] _order =
    [
        Verdict.KeyDisabled, Verdict.KeyExpired, Verdict.AccountDisabled, Verdict.IpNotAuthorized,
        Verdict.TooManyRequests, Verdict.TooManyAccountRequests,
        Verdict.ModelNotFound, Verdict.ModelNotAllowed, Verdict.WrongEndpoint,
        Verdict.InsufficientAccountQuota, Verdict.InsufficientQuota, Verdict.QuotaReserved,
        Verdict.NoChannel, Verdict.UpstreamMisconfigured,
    ];

    // A channel is found by trying: the gateway has no decision for this stage.
    private static readonly Verdict[] _foretold = [Verdict.NoChannel, Verdict.UpstreamMisconfigured];

    /// <summary>Everything that the checks look at; as it is, allowed.</summary>
    private sealed record Scene
    {
        public KeySnapshot Key { get; init; } = new(true, KeyPolicy.Unrestricted(_group.Id));
        public AccountSnapshot Account { get; init; } = new(Active: true);
        public IPAddress? Address { get; init; } = _home;
        public DateTimeOffset Now { get; init; } = _now;
        public ConcurrencyFacts Concurrency { get; init; } = new(new(1, 2), new(2, 3));
        public GroupSnapshot Group { get; init; } = _group;
        public string? Model { get; init; } = "gpt-4o";
        public bool? IsServed { get; init; } = true;
        public QuotaSnapshot Quota { get; init; } = new(new TokenQuota(1_000, 0), new TokenQuota(1_000, 0));
        public long Tokens { get; init; } = 100;
        public ChannelFacts Channel { get; init; } = new(IsReachable: true, IsCredentialRejected: false, "A channel for this model is healthy.");

        public CallerFacts CallerFacts => new(Key, Account, Address, Now);

        public ModelFacts ModelFacts => new(Key.Policy, Group, Model, IsServed);

        /// <summary>As the gateway asks: stage by stage, up to the first that blocks.</summary>
        public Decision Decision =>
            AccessPolicy.Evaluate(CallerFacts) is { IsAllowed: false } caller ? caller
            : AccessPolicy.Evaluate(Concurrency) is { IsAllowed: false } concurrency ? concurrency
            : AccessPolicy.Evaluate(CallerFacts, ModelFacts) is { IsAllowed: false } model ? model
            : AccessPolicy.Evaluate(new QuotaFacts(Quota, Tokens));

        public Verdict Verdict => Decision.Verdict;

        public IReadOnlyList<CheckResult> Explanation =>
            AccessPolicy.Explain(new PolicyFacts(CallerFacts, Concurrency, ModelFacts, new QuotaFacts(Quota, Tokens), Channel));

        public Scene WithPolicy(Func<KeyPolicy, KeyPolicy> change) => this with { Key = Key with { Policy = change(Key.Policy) } };

        public Scene BlockedBy(Verdict verdict) => verdict switch
        {
            Verdict.KeyDisabled => this with { Key = Key with { Enabled = false } },
            Verdict.KeyExpired => WithPolicy(policy => policy with { Expiration = new Expiration(_now) }),
            Verdict.AccountDisabled => this with { Account = new AccountSnapshot(Active: false) },
            Verdict.IpNotAuthorized => WithPolicy(policy => policy with { Ips = Allowlist("198.51.100.0/24") }),
            Verdict.ModelNotFound => this with { Group = Group with { Models = FrozenSet.Create("other") } },
            Verdict.ModelNotAllowed => WithPolicy(policy => policy with { Models = ModelRestriction.Only(["gpt-4o-mini"]) }),
            Verdict.TooManyRequests => this with { Concurrency = Concurrency with { Key = new(2, 2) } },
            Verdict.TooManyAccountRequests => this with { Concurrency = Concurrency with { Account = new(3, 3) } },
            Verdict.WrongEndpoint => this with { IsServed = false },
            Verdict.NoChannel => this with { Channel = Channel with { IsReachable = false, Status = "No channel for this model is reachable." } },
            Verdict.UpstreamMisconfigured => this with { Channel = Channel with { IsCredentialRejected = true } },
            Verdict.InsufficientAccountQuota => this with { Quota = Quota with { Account = Quota.Account with { Used = 901 } } },
            Verdict.InsufficientQuota => this with { Quota = Quota with { Key = Quota.Key with { Used = 901 } } },
            Verdict.QuotaReserved => this with { Quota = Quota with { Key = Quota.Key with { Reserved = 901 } } },
            _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
        };
    }

    [Fact]
    public void A_request_that_nothing_blocks_is_allowed() => Assert.Equal(Verdict.Allowed, new Scene().Verdict);

    [Fact]
    public void The_list_has_every_check_that_is_written_once_and_in_the_promised_order()
    {
        var written = typeof(AccessPolicy).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Count(field => field.FieldType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Check<>));

        Assert.Equal(_order, AccessPolicy.Verdicts);
        Assert.Equal(_order.Length, written);
        Assert.Equal(_order.Length, _order.Distinct().Count());
    }

    [Fact]
    public void In_every_combination_the_first_blocker_in_order_wins_and_the_explanation_agrees()
    {
        for (var combination = 0; combination < 1 << _order.Length; combination++)
        {
            var blockers = _order.Where((_, i) => (combination >> i & 1) == 1).ToList();
            var scene = blockers.Aggregate(new Scene(), (scene, blocker) => scene.BlockedBy(blocker));

            Assert.Equal(blockers.Except(_foretold).FirstOrDefault(Verdict.Allowed), scene.Verdict);

            var explanation = scene.Explanation;
            Assert.Equal(_order, explanation.Select(check => check.Verdict));
            // A quota that does not suffice even without reservations does not suffice with them either, and where a provider rejects the
            // channel's key, that is why no channel is reachable.
            Verdict[] following =
                [Verdict.QuotaReserved, .. blockers.Contains(Verdict.UpstreamMisconfigured) ? [Verdict.NoChannel] : Array.Empty<Verdict>()];
            var failed = explanation.Where(check => !check.Passed && !following.Contains(check.Verdict)).Select(check => check.Verdict);
            Assert.Equal(blockers.Except(following), failed);
            var first = explanation.FirstOrDefault(check => !check.Passed);
            Assert.True(_foretold.Contains(first?.Verdict ?? Verdict.Allowed) ? scene.Decision.IsAllowed : scene.Verdict == (first?.Verdict ?? Verdict.Allowed));
        }
    }

    [Fact]
    public void A_check_that_knows_how_long_to_wait_says_so_until_it_passes()
    {
        var wait = TimeSpan.FromSeconds(30);
        var scene = new Scene();
        var paused = scene with { Channel = new(IsReachable: false, IsCredentialRejected: false, "All channels for this model are paused.", wait) };

        Assert.Equal([wait], paused.Explanation.Where(check => check.RetryAfter is not null).Select(check => check.RetryAfter!.Value));
        Assert.All((paused with { Channel = paused.Channel with { IsReachable = true } }).Explanation, check => Assert.Null(check.RetryAfter));
        Assert.Equal(wait, VerdictErrors.For(new Decision(Verdict.NoChannel, wait), default).RetryAfter);
        Assert.Equal(VerdictErrors.For(Verdict.QuotaReserved), VerdictErrors.For(new Decision(Verdict.QuotaReserved), default));
    }

    [Fact]
    public void Evaluating_allocates_nothing()
    {
        var restricted = new Scene
        {
            Key = new KeySnapshot(true, new KeyPolicy(
                new Expiration(_now.AddDays(1)), 1_000, ModelRestriction.Only(["gpt-4o", "gpt-4o-mini"]), Allowlist("203.0.113.0/24, 2001:db8::/32"), 1)),
        };
        Scene[] scenes = [restricted, new Scene(), .. _order.Select(new Scene().BlockedBy)];
        foreach (var scene in scenes)
            _ = scene.Verdict;

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            foreach (var scene in scenes)
                _ = scene.Verdict;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(Verdict.Allowed, restricted.Verdict);
    }

    [Theory]
    [InlineData(-1, Verdict.Allowed)]
    [InlineData(0, Verdict.KeyExpired)]
    [InlineData(1, Verdict.KeyExpired)]
    public void A_key_expires_at_exactly_its_instant(int millisecondsAfter, Verdict expected)
    {
        var scene = new Scene().WithPolicy(policy => policy with { Expiration = new Expiration(_now) });
        Assert.Equal(expected, (scene with { Now = _now.AddMilliseconds(millisecondsAfter) }).Verdict);
    }

    [Fact]
    public void A_snapshot_of_another_group_denies_even_if_it_serves_the_model() =>
        Assert.Equal(Verdict.ModelNotFound, (new Scene() with { Group = _group with { Id = 2 } }).Verdict);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("GPT-4o")]
    [InlineData("gpt-4o ")]
    public void A_model_that_is_not_exactly_one_that_is_served_is_not_found(string? model)
    {
        var scene = new Scene();
        Assert.Equal(Verdict.ModelNotFound, (scene with { Model = model }).Verdict);
    }

    [Fact]
    public void An_unknown_address_is_refused_where_there_is_an_allowlist_and_only_there()
    {
        var scene = new Scene { Address = null, Tokens = 1 };
        Assert.Equal(Verdict.Allowed, scene.Verdict);
        Assert.Equal(Verdict.IpNotAuthorized, scene.WithPolicy(policy => policy with { Ips = Allowlist("0.0.0.0/0, ::/0") }).Verdict);
    }

    [Theory]
    // key's limit, used, reserved; account's limit, used, reserved; tokens
    [InlineData(1_000L, 0, 0, 1_000L, 0, 0, 1_000, Verdict.Allowed)]
    [InlineData(1_000L, 0, 0, 1_000L, 0, 0, 1_001, Verdict.InsufficientAccountQuota)]
    [InlineData(1_000L, 0, 0, null, 0, 0, 1_001, Verdict.InsufficientQuota)]
    [InlineData(null, 0, 0, 1_000L, 0, 0, 1_001, Verdict.InsufficientAccountQuota)]
    [InlineData(null, 0, 0, 0L, 0, 0, 1, Verdict.InsufficientAccountQuota)]
    [InlineData(null, 9, 9, null, 9, 9, TokenQuota.MaxTokens, Verdict.Allowed)]
    [InlineData(1_000L, 1_000, 0, null, 0, 0, 0, Verdict.InsufficientQuota)]
    [InlineData(null, 0, 0, 1_000L, 1_000, 0, 0, Verdict.InsufficientAccountQuota)]
    [InlineData(1_000L, 999, 0, null, 0, 0, 0, Verdict.Allowed)]
    [InlineData(1_000L, 999, 0, null, 0, 0, 1, Verdict.Allowed)]
    [InlineData(1_000L, 999, 0, null, 0, 0, 2, Verdict.InsufficientQuota)]
    [InlineData(1_000L, 500, 500, null, 0, 0, 0, Verdict.QuotaReserved)]
    [InlineData(1_000L, 500, 400, null, 0, 0, 100, Verdict.Allowed)]
    [InlineData(1_000L, 500, 401, null, 0, 0, 100, Verdict.QuotaReserved)]
    [InlineData(1_000L, 500, 401, null, 0, 0, 501, Verdict.InsufficientQuota)]
    [InlineData(null, 0, 0, 1_000L, 500, 401, 100, Verdict.QuotaReserved)]
    [InlineData(1_000L, 1_000, 0, 1_000L, 0, 1_000, 100, Verdict.InsufficientQuota)]
    [InlineData(1_000L, 2_000, 0, null, 0, 0, 1, Verdict.InsufficientQuota)]
    [InlineData(null, 0, 0, null, 0, 0, -1, Verdict.InsufficientAccountQuota)]
    [InlineData(null, 0, 0, null, 0, 0, long.MaxValue, Verdict.InsufficientAccountQuota)]
    public void Quotas_decide_as_the_table_says_alone_and_within_the_policy(
        long? keyLimit, long keyUsed, long keyReserved, long? limit, long used, long reserved, long tokens, Verdict expected)
    {
        var quota = new QuotaSnapshot(new TokenQuota(keyLimit, keyUsed, keyReserved), new TokenQuota(limit, used, reserved));
        Assert.Equal(expected, AccessPolicy.Evaluate(new QuotaFacts(quota, tokens)).Verdict);
        Assert.Equal(expected, (new Scene { Quota = quota, Tokens = tokens }).Verdict);
    }

    [Fact]
    public void The_status_of_a_key_is_what_the_policy_says_of_its_smallest_request() =>
        Gen.Select(Gen.Bool, Gen.Int[-2, 2].Nullable(), Gen.Long[0, 3].Nullable(), Gen.Long[0, 4], Gen.Long[0, 3]).Sample(
            (enabled, expiresIn, limit, used, reserved) =>
            {
                var expiration = new Expiration(expiresIn is { } milliseconds ? _now.AddMilliseconds(milliseconds) : null);
                var quota = new TokenQuota(limit, used, reserved);
                var scene = new Scene
                {
                    Key = new KeySnapshot(enabled, KeyPolicy.Unrestricted(1) with { Expiration = expiration, TokenLimit = limit }),
                    Quota = new QuotaSnapshot(quota, new TokenQuota(null, 0)),
                    Tokens = 0,
                };

                var expected = scene.Verdict switch
                {
                    Verdict.KeyDisabled => KeyStatus.Disabled,
                    Verdict.KeyExpired => KeyStatus.Expired,
                    Verdict.InsufficientQuota => KeyStatus.QuotaExhausted,
                    Verdict.Allowed or Verdict.QuotaReserved => KeyStatus.Active,
                    var other => throw new InvalidOperationException($"{other}"),
                };
                Assert.Equal(expected, KeyStatuses.Of(enabled, expiration, quota, _now));
            },
            iter: 20_000);

    [Fact]
    public void An_explanation_says_each_outcome_in_words()
    {
        var scene = new Scene
        {
            Key = new KeySnapshot(true, new KeyPolicy(
                new Expiration(_now.AddDays(1)), 1_000, ModelRestriction.Only(["gpt-4o"]), Allowlist("198.51.100.0/24"), 1)),
            Quota = new QuotaSnapshot(new TokenQuota(1_000, 950), new TokenQuota(null, 0)),
            Concurrency = new(new(1, 2), new(3, 3)),
            IsServed = null,
            Channel = new(IsReachable: false, IsCredentialRejected: true, "The provider rejects the channel's key for this model."),
        };

        Assert.Equal(
            [
                "The key is enabled.",
                "The key expires at 2026-11-24 10:00:00 UTC.",
                "The account is active.",
                "203.0.113.7 isn't on the IP allowlist.",
                "The key has 1 of 2 concurrent requests in progress.",
                "The account is at its limit of 3 concurrent requests.",
                "gpt-4o is available in group default.",
                "The key allows gpt-4o.",
                "The model isn't available at any endpoint.",
                "The account has no quota limit.",
                "The key has 50 tokens left; this request needs up to 100 tokens.",
                "There isn't enough quota, even without requests in progress.",
                "A channel for this model is enabled.",
                "The provider rejects the channel's key for this model.",
            ],
            scene.Explanation.Select(check => check.Sentence));
    }

    private static IpAllowlist Allowlist(string text)
    {
        Assert.True(IpAllowlist.TryParse(text, out var allowlist, out _));
        return allowlist;
    }
}
