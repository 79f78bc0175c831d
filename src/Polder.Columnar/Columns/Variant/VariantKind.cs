namespace Polder.Columns.Variant;

/// <summary>What a variant holds: the types of the Variant specification.</summary>
public enum VariantKind
{
    /// <summary>The variant null, which is a value and no SQL null.</summary>
    Null,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>8-bit integer.</summary>
    Int8,

    /// <summary>16-bit integer.</summary>
    Int16,

    /// <summary>32-bit integer.</summary>
    Int32,

    /// <summary>64-bit integer.</summary>
    Int64,

    /// <summary>32-bit floating point.</summary>
    Float,

    /// <summary>64-bit floating point.</summary>
    Double,

    /// <summary>Exact decimal of up to 38 digits.</summary>
    Decimal,

    /// <summary>Days since 1970-01-01.</summary>
    Date,

    /// <summary>Microseconds since midnight.</summary>
    Time,

    /// <summary>An instant: microseconds since 1970-01-01T00:00:00Z.</summary>
    Timestamp,

    /// <summary>A wall-clock reading: microseconds since 1970-01-01T00:00:00 in no zone.</summary>
    TimestampNtz,

    /// <summary>An instant: nanoseconds since 1970-01-01T00:00:00Z.</summary>
    TimestampNanos,

    /// <summary>A wall-clock reading: nanoseconds since 1970-01-01T00:00:00 in no zone.</summary>
    TimestampNtzNanos,

    /// <summary>UTF-8 text.</summary>
    String,

    /// <summary>Bytes.</summary>
    Binary,

    /// <summary>128 bits that identify something.</summary>
    Uuid,

    /// <summary>Named values.</summary>
    Object,

    /// <summary>Values in an order.</summary>
    Array,
}

/// <summary>A decimal inside a variant: <c>Unscaled / 10^Scale</c>.</summary>
/// <param name="Unscaled">All digits as an integer.</param>
/// <param name="Scale">Digits after the point, 0 to 38.</param>
public readonly record struct VariantDecimal(System.Int128 Unscaled, int Scale);
