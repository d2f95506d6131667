using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NexLlm.Dashboard.Usage;

/// <summary>What a key used of one model in one hour. It stays when the charges it sums up are pruned.</summary>
public sealed class UsageHour
{
    public long KeyId { get; init; }

    public long AccountId { get; init; }

    public long GroupId { get; init; }

    public required string Model { get; init; }

    /// <summary>The beginning of the hour in which the charges were settled.</summary>
    public DateTimeOffset Hour { get; init; }

    public long Requests { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public long ChargedTokens { get; init; }

    /// <summary>How many of the requests have tokens that the upstream did not report.</summary>
    public long CountedRequests { get; init; }

    /// <summary>The roll-up of settled charges.</summary>
    internal static IEnumerable<UsageHour> Of(IEnumerable<Charge> charges) =>
        from charge in charges
        group charge by new
        {
            charge.KeyId,
            charge.AccountId,
            charge.GroupId,
            charge.Model,
            Hour = Of(charge.SettledAt!.Value.ToUnixTimeMilliseconds()),
        }
        into hour
        select new UsageHour
        {
            KeyId = hour.Key.KeyId,
            AccountId = hour.Key.AccountId,
            GroupId = hour.Key.GroupId,
            Model = hour.Key.Model,
            Hour = DateTimeOffset.FromUnixTimeMilliseconds(hour.Key.Hour),
            Requests = hour.Count(),
            InputTokens = hour.Sum(c => c.InputTokens),
            OutputTokens = hour.Sum(c => c.OutputTokens),
            ChargedTokens = hour.Sum(c => c.ChargedTokens),
            CountedRequests = hour.Count(c => c.Source is not UsageSource.Upstream),
        };

    /// <summary>The hour of an instant, both in Unix milliseconds.</summary>
    internal static long Of(long instant) => instant - (instant % (long)TimeSpan.FromHours(1).TotalMilliseconds);
}

internal sealed class UsageHourMapping : IEntityTypeConfiguration<UsageHour>
{
    public void Configure(EntityTypeBuilder<UsageHour> builder)
    {
        builder.ToTable("UsageHours");
        builder.HasKey(h => new { h.KeyId, h.Hour, h.GroupId, h.Model });
        builder.HasIndex(h => new { h.AccountId, h.Hour });
        builder.Property(h => h.Model).HasMaxLength(200);
    }
}
