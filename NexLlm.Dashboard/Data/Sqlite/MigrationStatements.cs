using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>Stores <see cref="ClusteredTables"/> as SQLite's <c>WITHOUT ROWID</c>, which EF Core can't express.</summary>
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
