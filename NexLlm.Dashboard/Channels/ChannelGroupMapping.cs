using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NexLlm.Dashboard.Channels;

internal sealed class ChannelGroupMapping : IEntityTypeConfiguration<ChannelGroup>
{
    public void Configure(EntityTypeBuilder<ChannelGroup> builder)
    {
        builder.ToTable("ChannelGroups", table =>
            table.HasCheckConstraint("CK_ChannelGroups_Ratio", "typeof(RatioMillionths) = 'integer' AND RatioMillionths > 0"));
        builder.Property(g => g.Name).HasMaxLength(ChannelGroup.MaxNameLength);
        builder.Property(g => g.Description).HasMaxLength(ChannelRules.MaxDescription);
        builder.Property(g => g.Version).IsConcurrencyToken();
        builder.Ignore(g => g.IsDefault);
        builder.HasIndex(g => g.Name).IsUnique().HasFilter("DeletedAt IS NULL");
    }
}
