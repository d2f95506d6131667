using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

internal sealed class ApiKeyMapping : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("ApiKeys", table =>
        {
            table.HasCheckConstraint("CK_ApiKeys_TokenLimit", "TokenLimit IS NULL OR (typeof(TokenLimit) = 'integer' AND TokenLimit >= 0)");
            table.HasCheckConstraint("CK_ApiKeys_UsedTokens", "typeof(UsedTokens) = 'integer' AND UsedTokens >= 0");
        });
        builder.Property(k => k.Name).HasMaxLength(KeyName.MaxLength);
        builder.Property(k => k.Version).IsConcurrencyToken();
        builder.Ignore(k => k.Policy).Ignore(k => k.Quota);

        builder.HasIndex(k => k.SecretHash).IsUnique();
        builder.HasIndex(k => k.DisplayForm);
        builder.HasIndex(k => new { k.OwnerId, k.CreateRequestId }).IsUnique();
        builder.HasIndex(k => new { k.OwnerId, k.NormalizedName }).IsUnique().HasFilter("DeletedAt IS NULL");

        // Covers everything the list filters, searches, counts or sorts by. Any query walks only the owner's own entries of this index,
        // however many keys others have, and reads only the displayed table rows.
        builder.HasIndex(k => new
        {
            k.OwnerId,
            k.DeletedAt,
            k.NormalizedName,
            k.CreatedAt,
            k.LastUsedAt,
            k.ExpiresAt,
            k.IsEnabled,
            k.TokenLimit,
            k.UsedTokens,
            k.AllowsAnyIp,
        }).HasDatabaseName("IX_ApiKeys_List");

        // For the purge, which looks for few keys among any number of live ones.
        builder.HasIndex(k => k.DeletedAt).HasFilter("DeletedAt IS NOT NULL AND PurgedAt IS NULL").HasDatabaseName("IX_ApiKeys_Purge");

        builder.HasOne<Account>().WithMany().HasForeignKey(k => k.OwnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<ChannelGroup>().WithMany().HasForeignKey(k => k.GroupId).OnDelete(DeleteBehavior.Restrict);
    }
}
