using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Polder.Columns;

/// <summary>
/// How each Spark type is held in Arrow, and back. Timestamps are microseconds, with the zone "UTC" where they are
/// instants; day-time intervals are durations in microseconds; a variant is a struct of two binaries, its field marked
/// with Arrow's extension name <c>arrow.parquet.variant</c>.
/// </summary>
public static class ArrowTypes
{
    private const string ExtensionKey = "ARROW:extension:name";
    private const string VariantExtension = "arrow.parquet.variant";

    private static readonly Dictionary<string, string> VariantMetadata =
        new() { [ExtensionKey] = VariantExtension, ["ARROW:extension:metadata"] = "" };

    /// <summary>The Arrow type that holds values of <paramref name="type"/>.</summary>
    /// <exception cref="UnsupportedFeatureException">A struct without fields.</exception>
    public static IArrowType ToArrow(DataType type) => type.Kind switch
    {
        TypeKind.Void => NullType.Default,
        TypeKind.Boolean => BooleanType.Default,
        TypeKind.Byte => Int8Type.Default,
        TypeKind.Short => Int16Type.Default,
        TypeKind.Integer => Int32Type.Default,
        TypeKind.Long => Int64Type.Default,
        TypeKind.Float => FloatType.Default,
        TypeKind.Double => DoubleType.Default,
        TypeKind.Decimal => new Decimal128Type(type.Precision, type.Scale),
        TypeKind.WideDecimal => new Decimal256Type(type.Precision, type.Scale),
        TypeKind.String or TypeKind.Char or TypeKind.Varchar => StringType.Default,
        TypeKind.Binary => BinaryType.Default,
        TypeKind.Date => Date32Type.Default,
        TypeKind.Time => new Time64Type(TimeUnit.Microsecond),
        TypeKind.Timestamp => new TimestampType(TimeUnit.Microsecond, "UTC"),
        TypeKind.TimestampNtz => new TimestampType(TimeUnit.Microsecond, (string?)null),
        TypeKind.YearMonthInterval => new IntervalType(IntervalUnit.YearMonth),
        TypeKind.DayTimeInterval => DurationType.Microsecond,
        TypeKind.CalendarInterval => new IntervalType(IntervalUnit.MonthDayNanosecond),
        TypeKind.Variant => new StructType(
        [
            new Field("metadata", BinaryType.Default, false),
            new Field("value", BinaryType.Default, false),
        ]),
        TypeKind.Array => new ListType(ToField("element", type.Element!, type.ContainsNull)),
        TypeKind.Map => new MapType(
            ToField("key", type.Key!, false), ToField("value", type.Element!, type.ContainsNull)),
        _ when type.Fields.Count == 0 =>
            throw new UnsupportedFeatureException("struct<>", "Arrow holds no struct without fields"),
        _ => new StructType(type.Fields.Select(ToField).ToList()),
    };

    /// <summary>The Arrow schema of a struct's fields.</summary>
    public static Schema ToSchema(DataType structType) => new(structType.Fields.Select(ToField), null);

    /// <summary>The Arrow field of <paramref name="field"/>, without its metadata.</summary>
    public static Field ToField(StructField field) => ToField(field.Name, field.Type, field.Nullable);

    /// <summary>
    /// The Spark type of values held as <paramref name="type"/>. Unsigned integers take the next wider signed type
    /// (64-bit ones decimal(20,0)), other units of time become microseconds; the values must be converted likewise.
    /// </summary>
    /// <exception cref="UnsupportedFeatureException">An Arrow type without a counterpart.</exception>
    public static DataType FromArrow(IArrowType type) => type switch
    {
        NullType => DataType.Void,
        BooleanType => DataType.Boolean,
        Int8Type => DataType.Byte,
        Int16Type or UInt8Type => DataType.Short,
        Int32Type or UInt16Type => DataType.Integer,
        Int64Type or UInt32Type => DataType.Long,
        UInt64Type => DataType.Decimal(20, 0),
        HalfFloatType or FloatType => DataType.Float,
        DoubleType => DataType.Double,
        Decimal32Type decimalType => FromDecimal(type, decimalType.Precision, decimalType.Scale),
        Decimal64Type decimalType => FromDecimal(type, decimalType.Precision, decimalType.Scale),
        Decimal128Type decimalType => FromDecimal(type, decimalType.Precision, decimalType.Scale),
        Decimal256Type decimalType => FromDecimal(type, decimalType.Precision, decimalType.Scale),
        StringType or StringViewType or LargeStringType => DataType.String,
        BinaryType or BinaryViewType or LargeBinaryType or FixedSizeBinaryType => DataType.Binary,
        Date32Type or Date64Type => DataType.Date,
        Time32Type or Time64Type => DataType.Time(),
        TimestampType timestamp => string.IsNullOrEmpty(timestamp.Timezone)
            ? DataType.TimestampNtz
            : DataType.Timestamp,
        DurationType => DataType.DayTimeInterval(),
        IntervalType { Unit: IntervalUnit.YearMonth } => DataType.YearMonthInterval(),
        IntervalType => DataType.CalendarInterval,
        MapType map => DataType.Map(
            FromField(map.KeyField), FromField(map.ValueField), map.ValueField.IsNullable),
        ListType list => DataType.Array(FromField(list.ValueField), list.ValueField.IsNullable),
        LargeListType list => DataType.Array(FromField(list.ValueField), list.ValueField.IsNullable),
        FixedSizeListType list => DataType.Array(FromField(list.ValueField), list.ValueField.IsNullable),
        ListViewType list => DataType.Array(FromField(list.ValueField), list.ValueField.IsNullable),
        LargeListViewType list => DataType.Array(FromField(list.ValueField), list.ValueField.IsNullable),
        StructType structType => DataType.Struct(FromFields(structType.Fields)),
        DictionaryType dictionary => FromArrow(dictionary.ValueType),
        RunEndEncodedType runs => FromArrow(runs.ValuesDataType),
        ExtensionType extension => FromArrow(extension.StorageType),
        _ => throw new UnsupportedFeatureException($"Arrow type {type.Name}", "it has no Spark counterpart"),
    };

    /// <summary>The struct of an Arrow schema's fields.</summary>
    public static DataType FromSchema(Schema schema) => DataType.Struct(FromFields(schema.FieldsList));

    private static DataType FromDecimal(IArrowType type, int precision, int scale) =>
        (precision, scale) switch
        {
            ( >= 1 and <= 38, >= 0) when scale <= precision => DataType.Decimal(precision, scale),
            ( > 38 and <= 76, >= 0) when scale <= precision => DataType.WideDecimal(precision, scale),
            _ => throw new UnsupportedFeatureException(
                $"Arrow type {type.Name}({precision}, {scale})", "a decimal has at most 76 digits"),
        };

    private static List<StructField> FromFields(IReadOnlyList<Field> fields) =>
        [.. fields.Select(field => new StructField(field.Name, FromField(field), field.IsNullable))];

    private static Field ToField(string name, DataType type, bool nullable) =>
        new(name, ToArrow(type), nullable, type.Kind == TypeKind.Variant ? VariantMetadata : null);

    private static DataType FromField(Field field) =>
        field.DataType is StructType { Fields: [{ DataType: BinaryType }, { DataType: BinaryType }] } &&
        field.HasMetadata && field.Metadata.TryGetValue(ExtensionKey, out string? name) && name == VariantExtension
            ? DataType.Variant
            : FromArrow(field.DataType);
}
