using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NexLlm.Dashboard.Usage;

internal sealed class LedgerStateMapping : IEntityTypeConfiguration<LedgerState>
{
    public void Configure(EntityTypeBuilder<LedgerState> builder)
    {
        builder.ToTable("LedgerState");
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.HasData(new LedgerState { PrunedBefore = DateTimeOffset.UnixEpoch });
    }
}
