using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NexLlm.Dashboard.Channels;

internal sealed class ChannelMapping : IEntityTypeConfiguration<Channel>, IEntityTypeConfiguration<ChannelModel>
{
    public void Configure(EntityTypeBuilder<Channel> builder)
    {
        builder.ToTable("Channels");
        builder.Property(c => c.Name).HasMaxLength(Channel.MaxNameLength);
        builder.Property(c => c.Type).HasConversion<string>().HasMaxLength(16);
        builder.Property(c => c.Version).IsConcurrencyToken();
        builder.HasIndex(c => c.Name).IsUnique().HasFilter("DeletedAt IS NULL");
        builder.HasMany(c => c.Apis).WithOne().HasForeignKey(a => a.ChannelId);
        builder.HasMany(c => c.Models).WithOne().HasForeignKey(m => m.ChannelId);
        builder.HasMany(c => c.Groups).WithMany(g => g.Channels).UsingEntity("ChannelGroupMembers");
    }

    public void Configure(EntityTypeBuilder<ChannelModel> builder)
    {
        builder.ToTable("ChannelModels", table => table.HasCheckConstraint(
            "CK_ChannelModels_Price",
            "(PriceUnit IS NULL) = (PriceTokens IS NULL) AND (PriceTokens IS NULL OR (typeof(PriceTokens) = 'integer' AND PriceTokens >= 0))"));
        builder.HasKey(m => new { m.ChannelId, m.Name });
        builder.Property(m => m.Name).HasMaxLength(ChannelRules.MaxModelName);
        builder.Property(m => m.UpstreamName).HasMaxLength(ChannelRules.MaxModelName);
        builder.ComplexProperty(m => m.Price, price =>
        {
            price.Property(p => p.Unit).HasColumnName("PriceUnit").HasConversion<string>().HasMaxLength(32);
            price.Property(p => p.Tokens).HasColumnName("PriceTokens");
        });
    }
}
