using System;
using System.Linq;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>Writes types as a command line's <c>--schema</c> and SQL's CREATE TABLE take them.</summary>
public static class SchemaText
{
    /// <summary>The columns of a struct: <c>id BIGINT NOT NULL, `odd name` STRING</c>.</summary>
    public static string Format(DataType structType) => string.Join(
        ", ",
        structType.Fields.Select(field =>
            $"{Quote(field.Name)} {FormatType(field.Type)}{(field.Nullable ? "" : " NOT NULL")}"));

    /// <summary>A type: <c>DECIMAL(10,2)</c>, <c>STRUCT&lt;a: BIGINT, b: ARRAY&lt;STRING&gt;&gt;</c>.</summary>
    public static string FormatType(DataType type) => type.Kind switch
    {
        TypeKind.Array => $"ARRAY<{FormatType(type.Element!)}>",
        TypeKind.Map => $"MAP<{FormatType(type.Key!)}, {FormatType(type.Element!)}>",
        TypeKind.Struct => "STRUCT<" + string.Join(", ", type.Fields.Select(field =>
            $"{Quote(field.Name)}: {FormatType(field.Type)}{(field.Nullable ? "" : " NOT NULL")}")) + ">",
        _ => type.ToString().ToUpperInvariant(),
    };

    private static string Quote(string name)
    {
        bool isPlain = name.Length > 0 && !char.IsAsciiDigit(name[0]) &&
            name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_');
        return isPlain ? name : $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
    }
}
