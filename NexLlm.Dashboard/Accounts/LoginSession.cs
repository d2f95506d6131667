using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NexLlm.Dashboard.Accounts;

/// <summary>One login of an account in one browser. Its id is in the cookie; its end is the login's end.</summary>
public sealed class LoginSession
{
    public Guid Id { get; init; }

    public long AccountId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>The session is over from this instant on, whatever the cookie says.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When it was logged out or revoked; null while it is live.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>What the browser calls itself, cut to 256 characters.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The address of the log-in.</summary>
    public string? Address { get; init; }
}

internal sealed class LoginSessionMapping : IEntityTypeConfiguration<LoginSession>
{
    public void Configure(EntityTypeBuilder<LoginSession> builder)
    {
        builder.ToTable("Sessions");
        builder.Property(s => s.UserAgent).HasMaxLength(256);
        // With the instant, so that the list of accounts reads when each was last seen from the index alone.
        builder.HasIndex(s => new { s.AccountId, s.LastSeenAt });
        builder.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
