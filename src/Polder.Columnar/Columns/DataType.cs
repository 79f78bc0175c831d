using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Polder.Columns;

/// <summary>The types of Spark SQL, which are those of a Delta schema plus the ones only expressions have.</summary>
public enum TypeKind
{
    /// <summary>Only null: the type of the literal NULL, and of Delta's <c>void</c> columns.</summary>
    Void,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>8-bit signed integer, TINYINT.</summary>
    Byte,

    /// <summary>16-bit signed integer, SMALLINT.</summary>
    Short,

    /// <summary>32-bit signed integer, INT.</summary>
    Integer,

    /// <summary>64-bit signed integer, BIGINT.</summary>
    Long,

    /// <summary>32-bit floating point.</summary>
    Float,

    /// <summary>64-bit floating point.</summary>
    Double,

    /// <summary>Exact decimal of up to 38 digits.</summary>
    Decimal,

    /// <summary>UTF-8 text, compared bytewise.</summary>
    String,

    /// <summary>Text of exactly <see cref="DataType.Length"/> characters.</summary>
    Char,

    /// <summary>Text of at most <see cref="DataType.Length"/> characters.</summary>
    Varchar,

    /// <summary>Bytes.</summary>
    Binary,

    /// <summary>Days since 1970-01-01, proleptic Gregorian.</summary>
    Date,

    /// <summary>Microseconds since midnight.</summary>
    Time,

    /// <summary>An instant: microseconds since 1970-01-01T00:00:00Z.</summary>
    Timestamp,

    /// <summary>A wall-clock reading: microseconds since 1970-01-01T00:00:00 in no zone.</summary>
    TimestampNtz,

    /// <summary>A number of months.</summary>
    YearMonthInterval,

    /// <summary>A number of microseconds.</summary>
    DayTimeInterval,

    /// <summary>Months, days and microseconds side by side.</summary>
    CalendarInterval,

    /// <summary>A self-describing value (two binaries: metadata and value).</summary>
    Variant,

    /// <summary>A list of one type.</summary>
    Array,

    /// <summary>Pairs of one key type and one value type.</summary>
    Map,

    /// <summary>Named fields.</summary>
    Struct,

    /// <summary>
    /// Exact decimal of 39 to 76 digits: read from files and held by Arrow in 256 bits, but no type of Spark's SQL.
    /// </summary>
    WideDecimal,
}

/// <summary>A unit of an interval's declared range, coarsest first.</summary>
public enum IntervalField
{
    /// <summary>Twelve months.</summary>
    Year,

    /// <summary>One month.</summary>
    Month,

    /// <summary>24 hours.</summary>
    Day,

    /// <summary>60 minutes.</summary>
    Hour,

    /// <summary>60 seconds.</summary>
    Minute,

    /// <summary>A second, with six decimals.</summary>
    Second,
}

/// <summary>
/// A type of Spark SQL. Immutable, compared by value; nullability of nested values is part of the type, metadata of
/// struct fields is not part of equality.
/// </summary>
public sealed class DataType : IEquatable<DataType>
{
    private DataType(TypeKind kind)
    {
        Kind = kind;
    }

    /// <summary>The type of NULL.</summary>
    public static DataType Void { get; } = new(TypeKind.Void);

    /// <summary>BOOLEAN.</summary>
    public static DataType Boolean { get; } = new(TypeKind.Boolean);

    /// <summary>TINYINT.</summary>
    public static DataType Byte { get; } = new(TypeKind.Byte);

    /// <summary>SMALLINT.</summary>
    public static DataType Short { get; } = new(TypeKind.Short);

    /// <summary>INT.</summary>
    public static DataType Integer { get; } = new(TypeKind.Integer);

    /// <summary>BIGINT.</summary>
    public static DataType Long { get; } = new(TypeKind.Long);

    /// <summary>FLOAT.</summary>
    public static DataType Float { get; } = new(TypeKind.Float);

    /// <summary>DOUBLE.</summary>
    public static DataType Double { get; } = new(TypeKind.Double);

    /// <summary>STRING.</summary>
    public static DataType String { get; } = new(TypeKind.String);

    /// <summary>BINARY.</summary>
    public static DataType Binary { get; } = new(TypeKind.Binary);

    /// <summary>DATE.</summary>
    public static DataType Date { get; } = new(TypeKind.Date);

    /// <summary>TIMESTAMP.</summary>
    public static DataType Timestamp { get; } = new(TypeKind.Timestamp);

    /// <summary>TIMESTAMP_NTZ.</summary>
    public static DataType TimestampNtz { get; } = new(TypeKind.TimestampNtz);

    /// <summary>INTERVAL of months, days and microseconds side by side.</summary>
    public static DataType CalendarInterval { get; } = new(TypeKind.CalendarInterval);

    /// <summary>VARIANT.</summary>
    public static DataType Variant { get; } = new(TypeKind.Variant);

    /// <summary>What sort of type this is.</summary>
    public TypeKind Kind { get; }

    /// <summary>
    /// Total digits of a decimal (1 to 38, or 39 to 76 of a wide one), fractional digits of a TIME (0 to 6);
    /// otherwise 0.
    /// </summary>
    public int Precision { get; private init; }

    /// <summary>Digits after the point of a decimal; otherwise 0.</summary>
    public int Scale { get; private init; }

    /// <summary>Characters of a CHAR or VARCHAR; otherwise 0.</summary>
    public int Length { get; private init; }

    /// <summary>The coarsest field of an interval.</summary>
    public IntervalField StartField { get; private init; }

    /// <summary>The finest field of an interval.</summary>
    public IntervalField EndField { get; private init; }

    /// <summary>The element type of an array, the value type of a map; otherwise null.</summary>
    public DataType? Element { get; private init; }

    /// <summary>The key type of a map; otherwise null.</summary>
    public DataType? Key { get; private init; }

    /// <summary>Whether an array's elements or a map's values may be null.</summary>
    public bool ContainsNull { get; private init; }

    /// <summary>The fields of a struct; otherwise empty.</summary>
    public IReadOnlyList<StructField> Fields { get; private init; } = [];

    /// <summary>Byte, Short, Integer or Long.</summary>
    public bool IsIntegral => Kind is TypeKind.Byte or TypeKind.Short or TypeKind.Integer or TypeKind.Long;

    /// <summary>Integral, Float, Double or Decimal.</summary>
    public bool IsNumeric => IsIntegral || Kind is TypeKind.Float or TypeKind.Double or TypeKind.Decimal;

    /// <summary>Array, Map or Struct.</summary>
    public bool IsNested => Kind is TypeKind.Array or TypeKind.Map or TypeKind.Struct;

    /// <summary>String, Char or Varchar.</summary>
    public bool IsText => Kind is TypeKind.String or TypeKind.Char or TypeKind.Varchar;

    /// <summary>DECIMAL(<paramref name="precision"/>, <paramref name="scale"/>), precision 1 to 38.</summary>
    public static DataType Decimal(int precision, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(precision, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, 38);
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, precision);
        return new DataType(TypeKind.Decimal) { Precision = precision, Scale = scale };
    }

    /// <summary>A decimal of more digits than Spark's SQL has, precision 39 to 76.</summary>
    public static DataType WideDecimal(int precision, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(precision, 39);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, 76);
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, precision);
        return new DataType(TypeKind.WideDecimal) { Precision = precision, Scale = scale };
    }

    /// <summary>CHAR(<paramref name="length"/>).</summary>
    public static DataType Char(int length) => new(TypeKind.Char) { Length = length };

    /// <summary>VARCHAR(<paramref name="length"/>).</summary>
    public static DataType Varchar(int length) => new(TypeKind.Varchar) { Length = length };

    /// <summary>TIME(<paramref name="precision"/>), 0 to 6 digits of a second.</summary>
    public static DataType Time(int precision = 6) => new(TypeKind.Time) { Precision = precision };

    /// <summary>INTERVAL YEAR TO MONTH, or a part of it.</summary>
    public static DataType YearMonthInterval(
        IntervalField start = IntervalField.Year, IntervalField end = IntervalField.Month) =>
        new(TypeKind.YearMonthInterval) { StartField = start, EndField = end };

    /// <summary>INTERVAL DAY TO SECOND, or a part of it.</summary>
    public static DataType DayTimeInterval(
        IntervalField start = IntervalField.Day, IntervalField end = IntervalField.Second) =>
        new(TypeKind.DayTimeInterval) { StartField = start, EndField = end };

    /// <summary>ARRAY of <paramref name="element"/>.</summary>
    public static DataType Array(DataType element, bool containsNull = true) =>
        new(TypeKind.Array) { Element = element, ContainsNull = containsNull };

    /// <summary>MAP from <paramref name="key"/> to <paramref name="value"/>.</summary>
    public static DataType Map(DataType key, DataType value, bool containsNull = true) =>
        new(TypeKind.Map) { Key = key, Element = value, ContainsNull = containsNull };

    /// <summary>STRUCT of <paramref name="fields"/>.</summary>
    public static DataType Struct(params IReadOnlyList<StructField> fields) =>
        new(TypeKind.Struct) { Fields = fields };

    /// <summary>The position of the field of that name, exact case first, then any; -1 where none is.</summary>
    public int IndexOf(string name)
    {
        int found = -1;
        for (int fieldIndex = 0; fieldIndex < Fields.Count; fieldIndex++)
        {
            if (string.Equals(Fields[fieldIndex].Name, name, StringComparison.Ordinal))
            {
                return fieldIndex;
            }

            if (found < 0 && string.Equals(Fields[fieldIndex].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                found = fieldIndex;
            }
        }

        return found;
    }

    /// <inheritdoc />
    public bool Equals(DataType? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Kind == other.Kind && Precision == other.Precision && Scale == other.Scale &&
            Length == other.Length && StartField == other.StartField && EndField == other.EndField &&
            ContainsNull == other.ContainsNull && Equals(Key, other.Key) && Equals(Element, other.Element) &&
            Fields.SequenceEqual(other.Fields));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as DataType);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Kind, Precision, Scale, Length, Key, Element, Fields.Count);

    /// <summary>Spark's <c>simpleString</c>: <c>bigint</c>, <c>decimal(10,2)</c>, <c>struct&lt;a:int&gt;</c>.</summary>
    public override string ToString() => Kind switch
    {
        TypeKind.Void => "void",
        TypeKind.Boolean => "boolean",
        TypeKind.Byte => "tinyint",
        TypeKind.Short => "smallint",
        TypeKind.Integer => "int",
        TypeKind.Long => "bigint",
        TypeKind.Float => "float",
        TypeKind.Double => "double",
        TypeKind.Decimal or TypeKind.WideDecimal =>
            string.Create(CultureInfo.InvariantCulture, $"decimal({Precision},{Scale})"),
        TypeKind.String => "string",
        TypeKind.Char => string.Create(CultureInfo.InvariantCulture, $"char({Length})"),
        TypeKind.Varchar => string.Create(CultureInfo.InvariantCulture, $"varchar({Length})"),
        TypeKind.Binary => "binary",
        TypeKind.Date => "date",
        TypeKind.Time => string.Create(CultureInfo.InvariantCulture, $"time({Precision})"),
        TypeKind.Timestamp => "timestamp",
        TypeKind.TimestampNtz => "timestamp_ntz",
        TypeKind.YearMonthInterval or TypeKind.DayTimeInterval => StartField == EndField
            ? $"interval {StartField.ToString().ToLowerInvariant()}"
            : $"interval {StartField.ToString().ToLowerInvariant()} to {EndField.ToString().ToLowerInvariant()}",
        TypeKind.CalendarInterval => "interval",
        TypeKind.Variant => "variant",
        TypeKind.Array => $"array<{Element}>",
        TypeKind.Map => $"map<{Key},{Element}>",
        _ => FormatStruct(),
    };

    private string FormatStruct()
    {
        StringBuilder text = new("struct<");
        for (int fieldIndex = 0; fieldIndex < Fields.Count; fieldIndex++)
        {
            text.Append(fieldIndex == 0 ? "" : ",").Append(Fields[fieldIndex].Name).Append(':')
                .Append(Fields[fieldIndex].Type);
        }

        return text.Append('>').ToString();
    }
}

/// <summary>A named, typed member of a struct or a table schema. Metadata is not part of equality.</summary>
public sealed class StructField : IEquatable<StructField>
{
    private static readonly Dictionary<string, string> EmptyMetadata = [];

    /// <summary>Makes a field.</summary>
    /// <param name="name">Its name, case kept.</param>
    /// <param name="type">Its type.</param>
    /// <param name="nullable">Whether it may be null.</param>
    /// <param name="metadata">Delta's field metadata: key to JSON text (PROTOCOL "Column Metadata").</param>
    public StructField(
        string name, DataType type, bool nullable = true, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Name = name;
        Type = type;
        Nullable = nullable;
        Metadata = metadata ?? EmptyMetadata;
    }

    /// <summary>The name, case kept; compared without case.</summary>
    public string Name { get; }

    /// <summary>The type.</summary>
    public DataType Type { get; }

    /// <summary>Whether it may be null.</summary>
    public bool Nullable { get; }

    /// <summary>Key to JSON text of the value.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <inheritdoc />
    public bool Equals(StructField? other) =>
        other is not null && Nullable == other.Nullable && Type.Equals(other.Type) &&
        string.Equals(Name, other.Name, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as StructField);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Name, Type);

    /// <inheritdoc />
    public override string ToString() => $"{Name}:{Type}{(Nullable ? "" : " NOT NULL")}";
}
