using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NexLlm.Dashboard.Data;

/// <summary>Tables stored in primary key order, where the engine can do that, so that a key range is one sequential read.</summary>
internal static class ClusteredTables
{
    public const string Annotation = "NexLlm:Clustered";

    /// <summary>For composite keys whose values the application assigns.</summary>
    public static void IsClustered<T>(this EntityTypeBuilder<T> builder)
        where T : class => builder.HasAnnotation(Annotation, true);
}
