using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation.Values;

/// <summary>Types and values as Spark's error parameters spell them: SQL literals.</summary>
internal static class SqlText
{
    /// <summary>
    /// A type in capitals: <c>DECIMAL(10,2)</c>, <c>ARRAY&lt;INT&gt;</c>, <c>STRUCT&lt;a: INT&gt;</c>.
    /// </summary>
    public static string TypeName(DataType type) => type.Kind switch
    {
        TypeKind.Array => $"ARRAY<{TypeName(type.Element!)}>",
        TypeKind.Map => $"MAP<{TypeName(type.Key!)}, {TypeName(type.Element!)}>",
        TypeKind.Struct => $"STRUCT<{string.Join(", ", type.Fields.Select(FieldText))}>",
        _ => type.ToString().ToUpperInvariant(),
    };

    /// <summary>The type's name in double quotes, as message parameters have it.</summary>
    public static string QuotedTypeName(DataType type) => $"\"{TypeName(type)}\"";

    /// <summary>A string literal.</summary>
    public static string Quote(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    /// <summary>UTF-8 text as a string literal.</summary>
    public static string Quote(ReadOnlySpan<byte> text) => Quote(Encoding.UTF8.GetString(text));

    /// <summary>tinyint literal.</summary>
    public static string Literal(sbyte value) => value.ToString(CultureInfo.InvariantCulture) + "Y";

    /// <summary>smallint literal.</summary>
    public static string Literal(short value) => value.ToString(CultureInfo.InvariantCulture) + "S";

    /// <summary>int literal.</summary>
    public static string Literal(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>bigint literal.</summary>
    public static string Literal(long value) => value.ToString(CultureInfo.InvariantCulture) + "L";

    /// <summary>float: no suffix, as Spark prints it.</summary>
    public static string Literal(float value) => TextSink.ToText(bytes => NumberText.Write(value, bytes));

    /// <summary>double literal; the special values bare.</summary>
    public static string Literal(double value) =>
        TextSink.ToText(bytes => NumberText.Write(value, bytes)) + (double.IsFinite(value) ? "D" : "");

    /// <summary>decimal literal.</summary>
    public static string Literal(Int128 unscaled, int scale) => DecimalText.Format(unscaled, scale) + "BD";

    private static string FieldText(StructField field) =>
        $"{field.Name}: {TypeName(field.Type)}{(field.Nullable ? "" : " NOT NULL")}";
}
