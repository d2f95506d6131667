using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>
/// Makes every name of the model lower case, because SQL without quotes means that on PostgreSQL, and SQLite ignores case. Queries written by
/// hand are then the same for both.
/// </summary>
internal static partial class PostgresNames
{
    public static void Apply(ModelBuilder builder)
    {
        foreach (var entity in builder.Model.GetEntityTypes())
        {
            if (entity.IsMappedToJson())
            {
                // A column of its owner's table.
                entity.SetContainerColumnName(Lower(entity.GetContainerColumnName()));
                continue;
            }

            entity.SetTableName(Lower(entity.GetTableName()));
            ApplyTo(entity);
            foreach (var key in entity.GetKeys())
            {
                key.SetName(Lower(key.GetName()));
            }

            foreach (var reference in entity.GetForeignKeys())
            {
                reference.SetConstraintName(Lower(reference.GetConstraintName()));
            }

            foreach (var index in entity.GetIndexes())
            {
                index.SetDatabaseName(Lower(index.GetDatabaseName()));
            }

            foreach (var check in entity.GetCheckConstraints().ToList())
            {
                entity.RemoveCheckConstraint(check.ModelName);
                // Columns have types here, so what SQLite has to check is certain.
                entity.AddCheckConstraint(Lower(check.Name)!, TypeCheck().Replace(check.Sql, ""));
            }
        }
    }

    private static void ApplyTo(IMutableTypeBase type)
    {
        foreach (var property in type.GetProperties())
        {
            property.SetColumnName(Lower(property.GetColumnName()));
            if ((property.GetValueConverter()?.ProviderClrType ?? property.GetProviderClrType() ?? property.ClrType) == typeof(string))
            {
                // By bytes, as SQLite compares and as cursors of lists assume.
                property.SetCollation("C");
            }
        }

        foreach (var part in type.GetComplexProperties())
        {
            ApplyTo(part.ComplexType);
        }
    }

    private static string? Lower(string? name) => name?.ToLowerInvariant();

    [GeneratedRegex(@"typeof\(\w+\) = 'integer' AND ")]
    private static partial Regex TypeCheck();
}
