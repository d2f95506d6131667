using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NexLlm.Dashboard.Accounts;

internal sealed class AccountMapping : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.ToTable("Accounts", table =>
        {
            table.HasCheckConstraint("CK_Accounts_TokenLimit", "TokenLimit IS NULL OR (typeof(TokenLimit) = 'integer' AND TokenLimit >= 0)");
            table.HasCheckConstraint("CK_Accounts_UsedTokens", "typeof(UsedTokens) = 'integer' AND UsedTokens >= 0");
        });
        // Login uses the email, so two accounts with the same one would be ambiguous.
        builder.HasIndex(a => a.NormalizedEmail).IsUnique().HasDatabaseName("EmailIndex");
    }
}
