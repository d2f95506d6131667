using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NexLlm.Dashboard.Audit;

internal sealed class AuditEventMapping : IEntityTypeConfiguration<AuditEvent>
{
    public void Configure(EntityTypeBuilder<AuditEvent> builder)
    {
        builder.ToTable(AuditEvent.Table);
        builder.Property(e => e.Action).HasMaxLength(64);
        builder.HasIndex(e => new { e.OwnerId, e.Id });
        builder.HasIndex(e => new { e.ActorId, e.Id });
        builder.HasIndex(e => new { e.KeyId, e.Id });
        builder.HasIndex(e => new { e.Action, e.Id });
    }
}
