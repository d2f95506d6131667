using System.Globalization;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Demo;

/// <summary>
/// Generates keys like those of a busy account: every status, group and restriction, with charges that add up to each key's usage. The same
/// seed yields the same keys except for their secrets, which are never shown.
/// </summary>
internal sealed class DemoKeys(long ownerId, IReadOnlyList<DemoGroup> groups, Random random, DateTimeOffset now)
{
    private static readonly string[] _purposes =
    [
        "production-app", "dev-testing", "nightly-batch", "support-bot", "code-review", "search-index", "partner-acme", "mobile-app",
        "data-labeling", "load-test", "newsletter", "translations", "invoice-reader", "onboarding", "research", "ci-pipeline",
    ];

    private static readonly string[] _places = ["eu", "us", "apac", "staging", "canary", "internal", "tenant", "prototype"];

    private static readonly long[] _limits = [100_000, 250_000, 500_000, 1_000_000, 5_000_000, 20_000_000];

    /// <summary>The number of keys in constant use; the others are used occasionally.</summary>
    private const int BusyKeys = 24;

    private const int BusyDays = 29;

    public (ApiKey Key, IReadOnlyList<Charge> Charges) Next(int number)
    {
        var secret = KeySecret.Generate();
        var group = groups[random.Next(10) < 7 ? 0 : random.Next(groups.Count)];
        var created = now - TimeSpan.FromMinutes(random.NextInt64(1, 400 * 24 * 60));
        var limit = random.Next(10) < 5 ? (long?)null : _limits[random.Next(_limits.Length)];
        var name = string.Create(CultureInfo.InvariantCulture, $"{_purposes[random.Next(_purposes.Length)]}-{_places[random.Next(_places.Length)]}-{number:D4}");
        var isBusy = number <= BusyKeys;
        var models = Models(group);
        var charges = Charges(group, models, created, limit, isBusy).ToList();
        var key = new ApiKey
        {
            OwnerId = ownerId,
            Name = name,
            NormalizedName = KeyName.Normalize(name),
            SecretHash = secret.Hash,
            DisplayForm = secret.DisplayForm,
            IsEnabled = isBusy || random.Next(12) != 0,
            CreatedAt = created,
            CreateRequestId = NewId(),
            UsedTokens = charges.Sum(c => c.ChargedTokens),
            LastUsedAt = charges is [] ? null : charges.Max(c => c.StartedAt),
            Version = 1,
        };
        key.Apply(new KeyPolicy(isBusy ? Keys.Policy.Expiration.Never : Expiration(created), limit, models, Ips(), group.Id));
        return (key, charges);
    }

    private IEnumerable<Charge> Charges(DemoGroup group, ModelRestriction models, DateTimeOffset created, long? limit, bool isBusy)
    {
        // One key in six is unused; one limited key in eight is exhausted.
        if (random.Next(6) == 0)
        {
            yield break;
        }

        var allowed = group.Models.Where(models.Allows).ToList();
        var count = isBusy ? random.Next(150, 400) : random.Next(1, 4);
        var budget = limit is { } most ? (random.Next(8) == 0 ? most : (long)(most * random.NextDouble() * 0.98)) : random.NextInt64(1_000, isBusy ? 9_000_000 : 900_000);
        for (var i = 0; i < count; i++)
        {
            // Choose token counts so that the group's ratio yields exactly the charge in the budget.
            var charged = i == count - 1 ? budget : (long)(budget / (count - i) * (0.2 + (1.6 * random.NextDouble())));
            budget -= charged;
            var tokens = (long)(charged * (decimal)Channels.ChannelGroup.RatioOne / group.RatioMillionths);
            var output = tokens / random.Next(3, 9);
            var started = isBusy ? Lately(created) : created + ((now - created) * Math.Pow(random.NextDouble(), 0.2));
            yield return new Charge
            {
                RequestId = NewId().ToString("N"),
                AccountId = ownerId,
                GroupId = group.Id,
                Model = allowed[random.Next(allowed.Count)],
                State = ChargeState.Settled,
                RatioMillionths = group.RatioMillionths,
                InputTokens = tokens - output,
                OutputTokens = output,
                ChargedTokens = (long)Math.Ceiling(tokens * (decimal)group.RatioMillionths / Channels.ChannelGroup.RatioOne),
                StartedAt = started,
                Settlement = 0,
                SettledAt = started + TimeSpan.FromMilliseconds(random.Next(200, 9_000)),
            };
        }
    }

    /// <summary>A time in recent weeks, weighted towards daytime and weekdays, and never before the key was created.</summary>
    private DateTimeOffset Lately(DateTimeOffset created)
    {
        var since = created > now.AddDays(-BusyDays) ? created : now.AddDays(-BusyDays);
        while (true)
        {
            var at = since + ((now - since) * random.NextDouble());
            var hour = at.UtcDateTime.TimeOfDay.TotalHours;
            var chance = (0.15 + (0.85 * Math.Pow(Math.Sin(Math.PI * hour / 24), 2)))
                * (at.UtcDateTime.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.4 : 1);
            if (random.NextDouble() < chance)
            {
                return at;
            }
        }
    }

    private Expiration Expiration(DateTimeOffset created) => random.Next(20) switch
    {
        < 11 => Keys.Policy.Expiration.Never,
        < 13 => new(now + TimeSpan.FromHours(random.Next(2, 7 * 24))),
        < 15 => new(created + ((now - created) * random.NextDouble())),
        _ => new(now + TimeSpan.FromDays(random.Next(8, 365))),
    };

    private ModelRestriction Models(DemoGroup group) =>
        random.Next(3) == 0 ? ModelRestriction.Only(group.Models.Take(random.Next(1, group.Models.Count + 1))) : ModelRestriction.All;

    /// <summary>Uses address ranges reserved for documentation, so no address belongs to anyone.</summary>
    private IpAllowlist Ips()
    {
        if (random.Next(4) != 0)
        {
            return IpAllowlist.Any;
        }

        var lines = Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(3) switch
        {
            0 => "198.51.100.0/24",
            1 => "2001:db8::/32",
            _ => string.Create(CultureInfo.InvariantCulture, $"203.0.113.{random.Next(1, 255)}"),
        });
        return IpAllowlist.TryParse(string.Join('\n', lines.Distinct()), out var ips, out var errors)
            ? ips
            : throw new InvalidOperationException(string.Join(' ', errors));
    }

    private Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}

internal sealed record DemoGroup(long Id, long RatioMillionths, IReadOnlyList<string> Models);
