using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage.RollUp;

internal sealed class ModelUsageMapping : IEntityTypeConfiguration<ModelUsage>
{
    public void Configure(EntityTypeBuilder<ModelUsage> builder)
    {
        builder.ToTable("ModelUsage").IsClustered();
        builder.HasKey(u => new { u.Period, u.Start, u.AccountId, u.Model });
        builder.Property(u => u.Period).ValueGeneratedNever();
        builder.Property(u => u.Model).HasMaxLength(200);
    }
}
