using System.Globalization;
using Polder.Rows.Generator.Model;

namespace Polder.Rows.Generator.Emit;

/// <summary>How generated code spells column types and the form in which columns hold values.</summary>
internal static class ColumnTypes
{
    private const string DataType = "global::Polder.Columns.DataType";

    /// <summary>An expression of the column's type.</summary>
    public static string Expression(TypeModel type) => type.Kind switch
    {
        ValueKind.Bool => DataType + ".Boolean",
        ValueKind.SByte => DataType + ".Byte",
        ValueKind.Int16 or ValueKind.Byte => DataType + ".Short",
        ValueKind.Int32 or ValueKind.UInt16 => DataType + ".Integer",
        ValueKind.Int64 or ValueKind.UInt32 => DataType + ".Long",
        ValueKind.Single or ValueKind.Half => DataType + ".Float",
        ValueKind.Double => DataType + ".Double",
        ValueKind.UInt64 => DataType + ".Decimal(20, 0)",
        ValueKind.Decimal or ValueKind.Int128 => string.Format(
            CultureInfo.InvariantCulture, "{0}.Decimal({1}, {2})", DataType, type.Precision, type.Scale),
        ValueKind.DateOnly or ValueKind.DateTimeDate => DataType + ".Date",
        ValueKind.DateTime => DataType + ".TimestampNtz",
        ValueKind.DateTimeInstant or ValueKind.DateTimeOffset => DataType + ".Timestamp",
        ValueKind.TimeOnly => DataType + ".Time()",
        ValueKind.TimeSpan => DataType + ".DayTimeInterval()",
        ValueKind.ByteArray or ValueKind.ByteMemory or ValueKind.GuidBytes => DataType + ".Binary",
        ValueKind.EnumNumber => Expression(type.Element!),
        ValueKind.Row => $"global::Polder.Columns.Rows.RowShape.Of<{type.ClrName}>().Type",
        ValueKind.List => $"{DataType}.Array({Expression(type.Element!)}, {Bool(type.Element!.IsNullable)})",
        ValueKind.Map =>
            $"{DataType}.Map({Expression(type.Key!)}, {Expression(type.Element!)}, {Bool(type.Element!.IsNullable)})",
        _ => DataType + ".String",
    };

    /// <summary>The C# type of fixed-width values in their column; null where they have none.</summary>
    public static string? Storage(TypeModel type) => type.Kind switch
    {
        ValueKind.SByte => "sbyte",
        ValueKind.Int16 or ValueKind.Byte => "short",
        ValueKind.Int32 or ValueKind.UInt16 or ValueKind.DateOnly or ValueKind.DateTimeDate => "int",
        ValueKind.Int64 or ValueKind.UInt32 or ValueKind.DateTime or ValueKind.DateTimeInstant or
            ValueKind.DateTimeOffset or ValueKind.TimeOnly or ValueKind.TimeSpan => "long",
        ValueKind.Single or ValueKind.Half => "float",
        ValueKind.Double => "double",
        ValueKind.UInt64 or ValueKind.Decimal or ValueKind.Int128 => "global::System.Int128",
        ValueKind.EnumNumber => Storage(type.Element!),
        _ => null,
    };

    /// <summary>Whether columns hold the values as members do.</summary>
    public static bool IsIdentity(TypeModel type) => type.Kind is
        ValueKind.SByte or ValueKind.Int16 or ValueKind.Int32 or ValueKind.Int64 or ValueKind.Single or
        ValueKind.Double;

    /// <summary>The builder of the column.</summary>
    public static string Builder(TypeModel type) => "global::Polder.Columns." + (type.Kind switch
    {
        ValueKind.Bool => "BooleanBuilder",
        ValueKind.List => "ListBuilder",
        ValueKind.Map => "MapBuilder",
        _ => Storage(type) is { } storage ? $"FixedBuilder<{storage}>" : "BytesBuilder",
    });

    /// <summary>The row type in a type, if there is one.</summary>
    public static TypeModel? RowOf(TypeModel type) =>
        type.Kind == ValueKind.Row ? type : type.Element is { } element ? RowOf(element) : null;

    /// <summary>Whether every decimal in a type keeps its scale itself.</summary>
    public static bool HasAnyScale(TypeModel type) => type.Kind switch
    {
        ValueKind.Decimal => true,
        ValueKind.List => HasAnyScale(type.Element!),
        ValueKind.Map => HasAnyScale(type.Element!) && type.Key!.Kind is not (ValueKind.Int128 or ValueKind.UInt64),
        _ => false,
    };

    public static string Bool(bool value) => value ? "true" : "false";
}
