using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NexLlm.Dashboard.Accounts.Invitations;

internal sealed class InvitationMapping : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> builder)
    {
        builder.ToTable("Invitations", table => table.HasCheckConstraint(
            "CK_Invitations_TokenLimit", "TokenLimit IS NULL OR (typeof(TokenLimit) = 'integer' AND TokenLimit >= 0)"));
        builder.Property(i => i.Email).HasMaxLength(EmailAddress.MaxLength);
        builder.HasIndex(i => i.NormalizedEmail).IsUnique();
        builder.HasIndex(i => i.TokenHash).IsUnique();
    }
}
