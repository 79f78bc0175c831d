namespace Polder.Columns.Variant;

/// <summary>Type ids of primitives (VariantEncoding.md, "Encoding types").</summary>
internal enum VariantPrimitive
{
    Null = 0,
    True = 1,
    False = 2,
    Int8 = 3,
    Int16 = 4,
    Int32 = 5,
    Int64 = 6,
    Double = 7,
    Decimal4 = 8,
    Decimal8 = 9,
    Decimal16 = 10,
    Date = 11,
    Timestamp = 12,
    TimestampNtz = 13,
    Float = 14,
    Binary = 15,
    String = 16,
    Time = 17,
    TimestampNanos = 18,
    TimestampNtzNanos = 19,
    Uuid = 20,
}
