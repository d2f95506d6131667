using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NexLlm.Dashboard.Accounts.Recovery;

internal sealed class PasswordResetMapping : IEntityTypeConfiguration<PasswordReset>
{
    public void Configure(EntityTypeBuilder<PasswordReset> builder)
    {
        builder.ToTable("PasswordResets");
        builder.HasKey(r => r.AccountId);
        builder.Property(r => r.AccountId).ValueGeneratedNever();
        builder.HasIndex(r => r.TokenHash).IsUnique();
        builder.HasOne<Account>().WithOne().HasForeignKey<PasswordReset>(r => r.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
