using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace NexLlm.Dashboard.Data;

/// <summary>Tables whose rows are stored in the order of their key (SQLite's <c>WITHOUT ROWID</c>): a range of keys is read in one go.</summary>
internal static class ClusteredTables
{
    public const string Annotation = "NexLlm:Clustered";

    /// <summary>For a key of several columns that the program gives.</summary>
    public static void IsClustered<T>(this EntityTypeBuilder<T> builder)
        where T : class => builder.HasAnnotation(Annotation, true);
}

/// <summary>Adds to EF Core's own what it cannot say of a table.</summary>
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
