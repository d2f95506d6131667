using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NexLlm.Dashboard.Channels;

internal sealed class ChannelApiMapping : IEntityTypeConfiguration<ChannelApi>
{
    public void Configure(EntityTypeBuilder<ChannelApi> builder)
    {
        builder.ToTable("ChannelApis");
        builder.HasKey(a => new { a.ChannelId, a.Api });
        builder.Property(a => a.Api).HasConversion<string>().HasMaxLength(32);
        builder.Property(a => a.BaseUrl).HasMaxLength(ChannelRules.MaxBaseUrl);
    }
}
