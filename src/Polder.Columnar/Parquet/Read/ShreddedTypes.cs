using Polder.Columns;
using Polder.Columns.Variant;

namespace Polder.Parquet.Read;

/// <summary>What leaves inside shredded variants hold (VariantShredding.md, "Shredded Value Types").</summary>
internal static class ShreddedTypes
{
    private const int UuidBytes = 16;

    /// <summary>
    /// The type that the leaf's values are decoded as: that of any leaf, but nanoseconds are kept, as long.
    /// </summary>
    /// <exception cref="UnsupportedFeatureException">No variant holds such values.</exception>
    public static DataType TypeOf(ParquetLeaf leaf)
    {
        (DataType? type, _) = LeafTypes.ToDataType(leaf);
        VariantPrimitive? primitive = type is null ? null : PrimitiveOf(leaf, type);
        return primitive switch
        {
            null => throw new UnsupportedFeatureException(
                $"variant shredded as {leaf.PhysicalType} {leaf.LogicalType}".TrimEnd(),
                $"column '{leaf}' holds parts of variants so"),
            VariantPrimitive.TimestampNanos or VariantPrimitive.TimestampNtzNanos => DataType.Long,
            _ => type!,
        };
    }

    /// <summary>The type in a variant of a leaf that <see cref="TypeOf"/> allows.</summary>
    public static VariantPrimitive PrimitiveOf(ParquetLeaf leaf) =>
        PrimitiveOf(leaf, LeafTypes.ToDataType(leaf).Type!)!.Value;

    private static VariantPrimitive? PrimitiveOf(ParquetLeaf leaf, DataType type)
    {
        LogicalType logical = leaf.LogicalType;
        return (leaf.PhysicalType, logical.Kind) switch
        {
            (PhysicalType.Boolean, _) => VariantPrimitive.True,
            (PhysicalType.Int32 or PhysicalType.Int64, LogicalKind.None or LogicalKind.Integer) => FromInteger(leaf),
            (PhysicalType.Float, _) => VariantPrimitive.Float,
            (PhysicalType.Double, _) => VariantPrimitive.Double,
            (PhysicalType.Int32, LogicalKind.Decimal) => VariantPrimitive.Decimal4,
            (PhysicalType.Int64, LogicalKind.Decimal) => VariantPrimitive.Decimal8,
            (_, LogicalKind.Decimal) => VariantPrimitive.Decimal16,
            (PhysicalType.Int32, LogicalKind.Date) => VariantPrimitive.Date,
            (PhysicalType.Int64, LogicalKind.Time) when logical.Unit == LogicalTimeUnit.Micros =>
                VariantPrimitive.Time,
            (PhysicalType.Int64, LogicalKind.Timestamp) => (logical.Unit, logical.IsAdjustedToUtc) switch
            {
                (LogicalTimeUnit.Micros, true) => VariantPrimitive.Timestamp,
                (LogicalTimeUnit.Micros, false) => VariantPrimitive.TimestampNtz,
                (LogicalTimeUnit.Nanos, true) => VariantPrimitive.TimestampNanos,
                (LogicalTimeUnit.Nanos, false) => VariantPrimitive.TimestampNtzNanos,
                _ => null,
            },
            (PhysicalType.ByteArray, _) => type.Kind == TypeKind.String
                ? VariantPrimitive.String
                : VariantPrimitive.Binary,
            (PhysicalType.FixedLenByteArray, LogicalKind.Uuid) when leaf.TypeLength == UuidBytes =>
                VariantPrimitive.Uuid,
            _ => null,
        };
    }

    private static VariantPrimitive? FromInteger(ParquetLeaf leaf)
    {
        LogicalType logical = leaf.LogicalType;
        bool isPlain = logical.Kind == LogicalKind.None;
        return (isPlain || logical.IsSigned, leaf.PhysicalType, isPlain ? 0 : logical.BitWidth) switch
        {
            (false, _, _) => null,
            (_, PhysicalType.Int64, _) => VariantPrimitive.Int64,
            (_, _, 8) => VariantPrimitive.Int8,
            (_, _, 16) => VariantPrimitive.Int16,
            _ => VariantPrimitive.Int32,
        };
    }
}
