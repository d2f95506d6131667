using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NexLlm.Dashboard.Accounts;

namespace NexLlm.Dashboard.Access;

internal sealed class LoginSessionMapping : IEntityTypeConfiguration<LoginSession>
{
    public void Configure(EntityTypeBuilder<LoginSession> builder)
    {
        builder.ToTable("Sessions");
        builder.Property(s => s.UserAgent).HasMaxLength(256);
        builder.HasIndex(s => new { s.Provider, s.ProviderSubject });
        // With the instant, so that the list of accounts reads when each was last seen from the index alone.
        builder.HasIndex(s => new { s.AccountId, s.LastSeenAt });
        builder.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
