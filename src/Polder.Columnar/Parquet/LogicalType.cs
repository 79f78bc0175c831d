using Polder.Parquet.Format;

namespace Polder.Parquet;

/// <summary>What a field means. The numbers are those of the LogicalType union, but for the last two.</summary>
public enum LogicalKind
{
    /// <summary>No annotation: the physical type is the meaning.</summary>
    None = 0,

    /// <summary>UTF-8 text.</summary>
    String = 1,

    /// <summary>A group of repeated keys and values.</summary>
    Map = 2,

    /// <summary>A group of repeated elements.</summary>
    List = 3,

    /// <summary>One of a set of UTF-8 names.</summary>
    Enum = 4,

    /// <summary>Unscaled integer of a decimal.</summary>
    Decimal = 5,

    /// <summary>Days since 1970-01-01.</summary>
    Date = 6,

    /// <summary>Time of day.</summary>
    Time = 7,

    /// <summary>Instant or wall-clock reading.</summary>
    Timestamp = 8,

    /// <summary>Integer of a width and a sign.</summary>
    Integer = 10,

    /// <summary>Always null (named UNKNOWN in the specification).</summary>
    Null = 11,

    /// <summary>JSON text.</summary>
    Json = 12,

    /// <summary>BSON bytes.</summary>
    Bson = 13,

    /// <summary>Sixteen bytes, big endian.</summary>
    Uuid = 14,

    /// <summary>IEEE 754, 16 bits.</summary>
    Float16 = 15,

    /// <summary>A self-describing value.</summary>
    Variant = 16,

    /// <summary>Well-known binary of a geometry.</summary>
    Geometry = 17,

    /// <summary>Well-known binary of a geography.</summary>
    Geography = 18,

    /// <summary>A reference to a file.</summary>
    File = 19,

    /// <summary>Months, days and milliseconds; known as a converted type only.</summary>
    Interval = 1000,

    /// <summary>Something newer than this reader: the physical type is kept.</summary>
    Unrecognized = 1001,
}

/// <summary>The unit of a time or timestamp. The numbers are those of the TimeUnit union.</summary>
public enum LogicalTimeUnit
{
    /// <summary>None, or newer than this reader.</summary>
    None = 0,

    /// <summary>Thousandths of a second.</summary>
    Millis = 1,

    /// <summary>Millionths of a second.</summary>
    Micros = 2,

    /// <summary>Billionths of a second.</summary>
    Nanos = 3,
}

/// <summary>
/// The annotation of a field: its logical type, or what its converted type stands for where it has only that.
/// </summary>
/// <param name="Kind">What the field means.</param>
public readonly record struct LogicalType(LogicalKind Kind)
{
    /// <summary>Unit of a time or timestamp.</summary>
    public LogicalTimeUnit Unit { get; init; }

    /// <summary>Whether a time or timestamp is an instant (in UTC) rather than a wall-clock reading.</summary>
    public bool IsAdjustedToUtc { get; init; }

    /// <summary>Digits of a decimal.</summary>
    public int Precision { get; init; }

    /// <summary>Digits of a decimal after the point.</summary>
    public int Scale { get; init; }

    /// <summary>Bits of an integer: 8, 16, 32 or 64.</summary>
    public int BitWidth { get; init; }

    /// <summary>Whether an integer has a sign.</summary>
    public bool IsSigned { get; init; }

    /// <summary>
    /// The coordinate reference system of a geometry or geography, as the file names it (a name, "srid:…",
    /// "projjson:…" or the JSON itself); null = OGC:CRS84, longitude and latitude in degrees.
    /// </summary>
    public string? CoordinateSystem { get; init; }

    /// <summary>How the edges of a geography run between its points.</summary>
    public EdgeAlgorithm EdgeAlgorithm { get; init; }

    internal static LogicalType Integer(int bitWidth, bool isSigned) =>
        new(LogicalKind.Integer) { BitWidth = bitWidth, IsSigned = isSigned };

    internal static LogicalType Decimal(int precision, int scale) =>
        new(LogicalKind.Decimal) { Precision = precision, Scale = scale };

    internal static LogicalType Time(LogicalTimeUnit unit, bool isAdjustedToUtc) =>
        new(LogicalKind.Time) { Unit = unit, IsAdjustedToUtc = isAdjustedToUtc };

    internal static LogicalType Timestamp(LogicalTimeUnit unit, bool isAdjustedToUtc) =>
        new(LogicalKind.Timestamp) { Unit = unit, IsAdjustedToUtc = isAdjustedToUtc };

    /// <summary>What a converted type stands for (LogicalTypes.md).</summary>
    internal static LogicalType FromConverted(ConvertedType converted, int precision, int scale) => converted switch
    {
        ConvertedType.Utf8 => new LogicalType(LogicalKind.String),
        ConvertedType.Map or ConvertedType.MapKeyValue => new LogicalType(LogicalKind.Map),
        ConvertedType.List => new LogicalType(LogicalKind.List),
        ConvertedType.Enum => new LogicalType(LogicalKind.Enum),
        ConvertedType.Decimal => Decimal(precision, scale),
        ConvertedType.Date => new LogicalType(LogicalKind.Date),
        ConvertedType.TimeMillis => Time(LogicalTimeUnit.Millis, true),
        ConvertedType.TimeMicros => Time(LogicalTimeUnit.Micros, true),
        ConvertedType.TimestampMillis => Timestamp(LogicalTimeUnit.Millis, true),
        ConvertedType.TimestampMicros => Timestamp(LogicalTimeUnit.Micros, true),
        ConvertedType.UInt8 => Integer(8, false),
        ConvertedType.UInt16 => Integer(16, false),
        ConvertedType.UInt32 => Integer(32, false),
        ConvertedType.UInt64 => Integer(64, false),
        ConvertedType.Int8 => Integer(8, true),
        ConvertedType.Int16 => Integer(16, true),
        ConvertedType.Int32 => Integer(32, true),
        ConvertedType.Int64 => Integer(64, true),
        ConvertedType.Json => new LogicalType(LogicalKind.Json),
        ConvertedType.Bson => new LogicalType(LogicalKind.Bson),
        ConvertedType.Interval => new LogicalType(LogicalKind.Interval),
        _ => new LogicalType(LogicalKind.Unrecognized),
    };

    /// <summary>
    /// The converted type to write beside this. None for what old readers would misread: nanoseconds, readings that
    /// are not instants, and everything newer than converted types.
    /// </summary>
    internal ConvertedType? ToConverted() => Kind switch
    {
        LogicalKind.String => ConvertedType.Utf8,
        LogicalKind.Map => ConvertedType.Map,
        LogicalKind.List => ConvertedType.List,
        LogicalKind.Enum => ConvertedType.Enum,
        LogicalKind.Decimal => ConvertedType.Decimal,
        LogicalKind.Date => ConvertedType.Date,
        LogicalKind.Time when IsAdjustedToUtc && Unit == LogicalTimeUnit.Millis => ConvertedType.TimeMillis,
        LogicalKind.Time when IsAdjustedToUtc && Unit == LogicalTimeUnit.Micros => ConvertedType.TimeMicros,
        LogicalKind.Timestamp when IsAdjustedToUtc && Unit == LogicalTimeUnit.Millis => ConvertedType.TimestampMillis,
        LogicalKind.Timestamp when IsAdjustedToUtc && Unit == LogicalTimeUnit.Micros => ConvertedType.TimestampMicros,
        LogicalKind.Integer => (BitWidth, IsSigned) switch
        {
            (8, false) => ConvertedType.UInt8,
            (16, false) => ConvertedType.UInt16,
            (32, false) => ConvertedType.UInt32,
            (64, false) => ConvertedType.UInt64,
            (8, true) => ConvertedType.Int8,
            (16, true) => ConvertedType.Int16,
            (32, true) => ConvertedType.Int32,
            (64, true) => ConvertedType.Int64,
            _ => null,
        },
        LogicalKind.Json => ConvertedType.Json,
        LogicalKind.Bson => ConvertedType.Bson,
        LogicalKind.Interval => ConvertedType.Interval,
        _ => null,
    };
}
