using System.Linq;
using Polder.Columns;

namespace Polder.Expressions.Analysis;

/// <summary>Types as Spark's <c>sql</c> writes them: capitals, a blank after a comma, NOT NULL in structs.</summary>
internal static class TypeText
{
    public static string Format(DataType type) => type.Kind switch
    {
        TypeKind.Array => $"ARRAY<{Format(type.Element!)}>",
        TypeKind.Map => $"MAP<{Format(type.Key!)}, {Format(type.Element!)}>",
        TypeKind.Struct => $"STRUCT<{string.Join(", ", type.Fields.Select(FormatField))}>",
        _ => type.ToString().ToUpperInvariant(),
    };

    private static string FormatField(StructField field) =>
        $"{field.Name}: {Format(field.Type)}{(field.Nullable ? "" : " NOT NULL")}";
}
