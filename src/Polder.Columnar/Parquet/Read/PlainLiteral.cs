using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Polder.Columns;

namespace Polder.Parquet.Read;

/// <summary>A value of a column as the file would store it: PLAIN bytes, as bloom filters hash them.</summary>
internal static class PlainLiteral
{
    /// <summary>Every form in which the value may be stored; null where that is not known.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="type">The type of its values in columns.</param>
    /// <param name="value">The value, as literals hold it.</param>
    public static IReadOnlyList<byte[]>? FormsOf(ParquetLeaf leaf, DataType type, object value)
    {
        switch (leaf.PhysicalType, value)
        {
            case (PhysicalType.Int32, _) when ToStored(leaf, type, value) is Int128 number:
                return number >= int.MinValue && number <= uint.MaxValue ? [Int32((int)(long)number)] : [];
            case (PhysicalType.Int64, _) when ToStored(leaf, type, value) is Int128 number:
                return number >= long.MinValue && number <= long.MaxValue ? [Int64((long)number)] : [];
            case (PhysicalType.Float, float.NaN) or (PhysicalType.Double, double.NaN):
                return null;
            case (PhysicalType.Float, float number):
                return number == 0
                    ? [Int32(0), Int32(int.MinValue)]
                    : [Int32(BitConverter.SingleToInt32Bits(number))];
            case (PhysicalType.Double, double number):
                return number == 0
                    ? [Int64(0), Int64(long.MinValue)]
                    : [Int64(BitConverter.DoubleToInt64Bits(number))];
            case (PhysicalType.ByteArray, string text) when type.Kind == TypeKind.String:
                return [Encoding.UTF8.GetBytes(text)];
            case (PhysicalType.ByteArray or PhysicalType.FixedLenByteArray, byte[] bytes)
                when type.Kind == TypeKind.Binary:
                return [bytes];
            case (PhysicalType.FixedLenByteArray, Int128 number)
                when type.Kind == TypeKind.Decimal && leaf.TypeLength is > 0 and <= 16:
                return [BigEndianBytes(number, leaf.TypeLength)];
            default:
                return null;
        }
    }

    // Only conversions that give each value one stored form.
    private static Int128? ToStored(ParquetLeaf leaf, DataType type, object value) => (type.Kind, value) switch
    {
        (TypeKind.Byte, sbyte number) => number,
        (TypeKind.Short, short number) when leaf.LogicalType.IsSigned => number,
        (TypeKind.Integer or TypeKind.Date, int number) when leaf.LogicalType is
            not { Kind: LogicalKind.Integer, BitWidth: not 32 } => number,
        (TypeKind.Long, long number) when leaf.PhysicalType == PhysicalType.Int64 => number,
        (TypeKind.Decimal, Int128 number) when leaf.LogicalType.Kind == LogicalKind.Decimal => number,
        (TypeKind.Timestamp or TypeKind.TimestampNtz or TypeKind.Time, long micros)
            when leaf.LogicalType.Unit == LogicalTimeUnit.Micros && leaf.PhysicalType == PhysicalType.Int64 => micros,
        _ => null,
    };

    private static byte[] Int32(int value)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Int64(long value)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] BigEndianBytes(Int128 value, int length)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteInt128BigEndian(bytes, value);
        return bytes[^length..];
    }
}
