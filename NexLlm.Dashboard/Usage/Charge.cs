using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NexLlm.Dashboard.Usage;

/// <summary>One request's receipt: reserved, then settled. The charges are the truth; counters are a cache of them.</summary>
public sealed class Charge
{
    public long Id { get; init; }

    /// <summary>The <c>x-request-id</c> of the answer.</summary>
    public required string RequestId { get; init; }

    public long KeyId { get; init; }

    public long AccountId { get; init; }

    public long GroupId { get; init; }

    public required string Model { get; init; }

    public ChargeState State { get; set; }

    /// <summary>The group's ratio when the request was reserved, in millionths.</summary>
    public long RatioMillionths { get; init; }

    /// <summary>Charged tokens held back while the request runs; 0 once it is settled.</summary>
    public long ReservedTokens { get; set; }

    public long InputTokens { get; set; }

    public long OutputTokens { get; set; }

    /// <summary>ceil((input + output) x ratio); 0 until it is settled.</summary>
    public long ChargedTokens { get; set; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? SettledAt { get; set; }
}

/// <summary>Where a charge stands. Stored as a number: add, but never renumber.</summary>
public enum ChargeState
{
    Dispatched = 0,
    Settled = 1,

    /// <summary>Its process was gone; settled at the next start by what was known.</summary>
    Recovered = 2,
}

internal sealed class ChargeMapping : IEntityTypeConfiguration<Charge>
{
    public void Configure(EntityTypeBuilder<Charge> builder)
    {
        builder.ToTable("Charges", table =>
        {
            foreach (var column in (string[])["ReservedTokens", "InputTokens", "OutputTokens", "ChargedTokens"])
            {
                table.HasCheckConstraint($"CK_Charges_{column}", $"typeof({column}) = 'integer' AND {column} >= 0");
            }
        });
        builder.Property(c => c.RequestId).HasMaxLength(64);
        builder.Property(c => c.Model).HasMaxLength(200);
    }
}
