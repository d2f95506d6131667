using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage.RollUp;

internal sealed class KeyUsageMapping : IEntityTypeConfiguration<KeyUsage>
{
    public void Configure(EntityTypeBuilder<KeyUsage> builder)
    {
        builder.ToTable("KeyUsage").IsClustered();
        builder.HasKey(u => new { u.Period, u.Start, u.AccountId, u.KeyId });
        builder.Property(u => u.Period).ValueGeneratedNever();
    }
}
