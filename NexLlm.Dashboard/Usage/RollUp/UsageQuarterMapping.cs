using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage.RollUp;

internal sealed class UsageQuarterMapping : IEntityTypeConfiguration<UsageQuarter>
{
    public void Configure(EntityTypeBuilder<UsageQuarter> builder)
    {
        builder.ToTable("UsageQuarters").IsClustered();
        // Time first, so that rows written in the same second are adjacent, however many keys there are.
        builder.HasKey(q => new { q.Quarter, q.KeyId, q.GroupId, q.Model });
        builder.Property(q => q.Model).HasMaxLength(200);
    }
}
