using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NexLlm.Dashboard.Usage;

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
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.RequestId).HasMaxLength(64);
        builder.Property(c => c.Model).HasMaxLength(200);
    }
}
