using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace NexLlm.Dashboard.Data;

/// <summary>Tables stored in primary key order (SQLite's <c>WITHOUT ROWID</c>), so that a key range is one sequential read.</summary>
internal static class ClusteredTables
{
    public const string Annotation = "NexLlm:Clustered";

    /// <summary>For composite keys whose values the application assigns.</summary>
    public static void IsClustered<T>(this EntityTypeBuilder<T> builder)
        where T : class => builder.HasAnnotation(Annotation, true);
}

/// <summary>Generates the SQL that EF Core can't express for these tables.</summary>
internal sealed class MigrationStatements(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations)
    : SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    protected override void Generate(CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        base.Generate(operation, model, builder, terminate: false);
        if (model?.GetEntityTypes().Any(t => t.GetTableName() == operation.Name && t.FindAnnotation(ClusteredTables.Annotation) is not null) is true)
        {
            builder.Append(" WITHOUT ROWID");
        }

        if (terminate)
        {
            builder.AppendLine(Dependencies.SqlGenerationHelper.StatementTerminator);
            EndStatement(builder);
        }
    }
}
