using System.Numerics;
using Polder.Columns;

namespace Polder.Parquet;

/// <summary>
/// The type that a leaf's values take in columns. An annotation that does not fit its physical type is ignored, as the
/// specification asks of annotations unknown.
/// </summary>
internal static class LeafTypes
{
    /// <summary>Bytes that hold any unscaled value of that many digits in two's complement.</summary>
    public static int DecimalBytes(int precision)
    {
        int bits = (int)(BigInteger.Pow(10, precision) - 1).GetBitLength() + 1;
        return (bits + 7) / 8;
    }

    public static (DataType? Type, string? Refusal) ToDataType(ParquetLeaf leaf)
    {
        LogicalType logical = leaf.LogicalType;
        if (logical.Kind == LogicalKind.Null)
        {
            return (DataType.Void, null);
        }

        if (logical.Kind == LogicalKind.Decimal && CanHoldDecimal(leaf))
        {
            return ToDecimal(leaf, logical);
        }

        if (IsMisplaced(leaf.PhysicalType, logical))
        {
            return (null, $"{logical.Kind} on {leaf.PhysicalType}");
        }

        if (logical is { Kind: LogicalKind.Time or LogicalKind.Timestamp, Unit: LogicalTimeUnit.None })
        {
            return (null, "time unit newer than micro- and nanoseconds");
        }

        return (leaf.PhysicalType switch
        {
            PhysicalType.Boolean => DataType.Boolean,
            PhysicalType.Int32 => FromInt32(logical),
            PhysicalType.Int64 => FromInt64(logical),
            PhysicalType.Int96 => DataType.Timestamp,
            PhysicalType.Float => DataType.Float,
            PhysicalType.Double => DataType.Double,
            PhysicalType.FixedLenByteArray when logical.Kind == LogicalKind.Float16 && leaf.TypeLength == 2 =>
                DataType.Float,
            _ => IsText(logical.Kind) ? DataType.String : DataType.Binary,
        }, null);
    }

    /// <summary>Whether byte arrays of that annotation are UTF-8.</summary>
    public static bool IsText(LogicalKind kind) =>
        kind is LogicalKind.String or LogicalKind.Enum or LogicalKind.Json;

    // What no writer means and other readers refuse: the values could be taken for others.
    private static bool IsMisplaced(PhysicalType physical, LogicalType logical) => logical.Kind switch
    {
        LogicalKind.Integer => physical != (logical.BitWidth == 64 ? PhysicalType.Int64 : PhysicalType.Int32),
        LogicalKind.Timestamp => physical is not (PhysicalType.Int64 or PhysicalType.Int96),
        _ => false,
    };

    private static bool CanHoldDecimal(ParquetLeaf leaf) =>
        leaf.PhysicalType is PhysicalType.Int32 or PhysicalType.Int64 or PhysicalType.ByteArray
            or PhysicalType.FixedLenByteArray;

    private static (DataType? Type, string? Refusal) ToDecimal(ParquetLeaf leaf, LogicalType logical)
    {
        if (logical.Precision < 1 || logical.Scale < 0 || logical.Scale > logical.Precision)
        {
            return (null, $"decimal({logical.Precision},{logical.Scale})");
        }

        return (logical.Precision, leaf.PhysicalType) switch
        {
            ( <= 38, _) => (DataType.Decimal(logical.Precision, logical.Scale), null),
            ( <= 76, PhysicalType.ByteArray or PhysicalType.FixedLenByteArray) =>
                (DataType.WideDecimal(logical.Precision, logical.Scale), null),
            _ => (null, $"decimal({logical.Precision},{logical.Scale}) on {leaf.PhysicalType}"),
        };
    }

    private static DataType FromInt32(LogicalType logical) => logical.Kind switch
    {
        LogicalKind.Date => DataType.Date,
        LogicalKind.Time when logical.Unit == LogicalTimeUnit.Millis => DataType.Time(),
        LogicalKind.Integer => (logical.BitWidth, logical.IsSigned) switch
        {
            (8, true) => DataType.Byte,
            (8, false) or (16, true) => DataType.Short,
            (32, false) => DataType.Long,
            _ => DataType.Integer,
        },
        _ => DataType.Integer,
    };

    private static DataType FromInt64(LogicalType logical) => logical.Kind switch
    {
        LogicalKind.Time => DataType.Time(),
        LogicalKind.Timestamp => logical.IsAdjustedToUtc ? DataType.Timestamp : DataType.TimestampNtz,
        LogicalKind.Integer when !logical.IsSigned && logical.BitWidth == 64 => DataType.Decimal(20, 0),
        _ => DataType.Long,
    };
}
