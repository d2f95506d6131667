using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NexLlm.Dashboard.Accounts.LogIn;

internal sealed class FailedTryMapping : IEntityTypeConfiguration<FailedTry>
{
    public void Configure(EntityTypeBuilder<FailedTry> builder)
    {
        builder.ToTable("FailedTries");
        builder.HasIndex(t => new { t.Subject, t.At });
        builder.HasIndex(t => t.At);
    }
}
