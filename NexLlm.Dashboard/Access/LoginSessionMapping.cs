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
        // Includes the instant so that the account list can read each account's last activity from the index alone.
        builder.HasIndex(s => new { s.AccountId, s.LastSeenAt });
        builder.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
