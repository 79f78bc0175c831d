using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Execution.Keys;

namespace Polder.Execution.Sorting;

/// <summary>How a column takes part in an order.</summary>
internal readonly record struct SortColumn(DataType Type, bool Descending, bool NullsFirst);

/// <summary>
/// Makes byte-comparable keys: per column a byte for null or not, then the value: integers big-endian with the sign
/// flipped, floats by ordered bits (NaN largest, zeros equal), strings with 0 escaped and a terminator. Descending
/// values are inverted.
/// </summary>
internal sealed class SortKeyEncoder(IReadOnlyList<SortColumn> columns)
{
    private readonly bool _isFixed = columns.All(column => KeyLayout.FixedWidth(column.Type) >= 0);
    private readonly int _fixedSize = columns.Sum(column => 1 + int.Max(0, WidthOf(column.Type)));

    /// <summary>The keys of rows.</summary>
    public SortKeys Encode(IReadOnlyList<IArrowArray> arrays, int rowCount)
    {
        if (_isFixed)
        {
            byte[] bytes = new byte[checked(_fixedSize * rowCount)];
            int offset = 0;
            for (int index = 0; index < columns.Count; index++)
            {
                EncodeFixed(arrays[index], columns[index], bytes.AsSpan(offset), rowCount);
                offset += 1 + WidthOf(columns[index].Type);
            }

            return SortKeys.Fixed(bytes, _fixedSize, rowCount);
        }

        ValueEncoder[] encoders = new ValueEncoder[columns.Count];
        for (int index = 0; index < encoders.Length; index++)
        {
            encoders[index] = new ValueEncoder(columns[index], arrays[index]);
        }

        ArrayBufferWriter<byte> output = new(int.Max(256, rowCount * (_fixedSize + 8)));
        int[] ends = new int[rowCount];
        for (int row = 0; row < rowCount; row++)
        {
            foreach (ValueEncoder encoder in encoders)
            {
                encoder.Append(row, output);
            }

            ends[row] = output.WrittenCount;
        }

        return SortKeys.Variable(output.WrittenSpan.ToArray(), ends);
    }

    /// <summary>Bytes of a value of fixed width in a key; -1 for others.</summary>
    public static int WidthOf(DataType type) => KeyLayout.FixedWidth(type);

    private void EncodeFixed(IArrowArray array, SortColumn column, Span<byte> target, int rowCount)
    {
        WriteValues(array, column.Type, target, rowCount);
        int width = WidthOf(column.Type);
        Validity validity = Validity.Of(array);
        byte present = column.NullsFirst ? (byte)1 : (byte)0;
        for (int row = 0; row < rowCount; row++)
        {
            Span<byte> key = target.Slice(row * _fixedSize, 1 + width);
            key[0] = present;
            if (validity.IsNull(row))
            {
                key[0] = (byte)(1 - present);
                key[1..].Clear();
            }
            else if (column.Descending)
            {
                for (int index = 1; index < key.Length; index++)
                {
                    key[index] = (byte)~key[index];
                }
            }
        }
    }

    // The frequent types in loops of their own; the others row by row.
    private void WriteValues(IArrowArray array, DataType type, Span<byte> target, int rowCount)
    {
        switch (type.Kind)
        {
            case TypeKind.Integer or TypeKind.Date:
                ReadOnlySpan<int> integers = ColumnValues.Fixed<int>(array);
                for (int row = 0; row < integers.Length; row++)
                {
                    BinaryPrimitives.WriteInt32BigEndian(
                        target[((row * _fixedSize) + 1)..], integers[row] ^ int.MinValue);
                }

                break;
            case TypeKind.Long or TypeKind.Timestamp or TypeKind.TimestampNtz:
                ReadOnlySpan<long> longs = ColumnValues.Fixed<long>(array);
                for (int row = 0; row < longs.Length; row++)
                {
                    BinaryPrimitives.WriteInt64BigEndian(
                        target[((row * _fixedSize) + 1)..], longs[row] ^ long.MinValue);
                }

                break;
            case TypeKind.Decimal when type.Precision <= 18:
                ReadOnlySpan<Int128> decimals = ColumnValues.Fixed<Int128>(array);
                for (int row = 0; row < decimals.Length; row++)
                {
                    BinaryPrimitives.WriteInt64BigEndian(
                        target[((row * _fixedSize) + 1)..], (long)decimals[row] ^ long.MinValue);
                }

                break;
            default:
                int width = WidthOf(type);
                for (int row = 0; row < rowCount; row++)
                {
                    WriteValue(array, type, row, target.Slice((row * _fixedSize) + 1, width));
                }

                break;
        }
    }

    internal static void WriteValue(IArrowArray array, DataType type, int row, Span<byte> key)
    {
        switch (type.Kind)
        {
            case TypeKind.Void:
                break;
            case TypeKind.Boolean:
                key[0] = ColumnValues.Boolean(array, row) ? (byte)1 : (byte)0;
                break;
            case TypeKind.Byte:
                key[0] = (byte)(ColumnValues.Fixed<byte>(array)[row] ^ 0x80);
                break;
            case TypeKind.Short:
                BinaryPrimitives.WriteInt16BigEndian(
                    key, (short)(ColumnValues.Fixed<short>(array)[row] ^ short.MinValue));
                break;
            case TypeKind.Integer or TypeKind.Date or TypeKind.YearMonthInterval:
                BinaryPrimitives.WriteInt32BigEndian(key, ColumnValues.Fixed<int>(array)[row] ^ int.MinValue);
                break;
            case TypeKind.Float:
                int bits = BitConverter.SingleToInt32Bits(
                    Ordered(FloatValue.Normalise(ColumnValues.Fixed<float>(array)[row])));
                BinaryPrimitives.WriteInt32BigEndian(key, bits < 0 ? ~bits : bits ^ int.MinValue);
                break;
            case TypeKind.Double:
                long doubleBits = BitConverter.DoubleToInt64Bits(
                    Ordered(FloatValue.Normalise(ColumnValues.Fixed<double>(array)[row])));
                BinaryPrimitives.WriteInt64BigEndian(key, doubleBits < 0 ? ~doubleBits : doubleBits ^ long.MinValue);
                break;
            case TypeKind.Decimal when type.Precision <= 18:
                BinaryPrimitives.WriteInt64BigEndian(
                    key, (long)ColumnValues.Fixed<Int128>(array)[row] ^ long.MinValue);
                break;
            case TypeKind.Decimal:
                BinaryPrimitives.WriteInt128BigEndian(
                    key, ColumnValues.Fixed<Int128>(array)[row] ^ Int128.MinValue);
                break;
            default:
                BinaryPrimitives.WriteInt64BigEndian(key, ColumnValues.Fixed<long>(array)[row] ^ long.MinValue);
                break;
        }
    }

    // .NET's own NaN has its sign bit set; with it cleared it orders behind infinity.
    private static float Ordered(float value) =>
        float.IsNaN(value) ? BitConverter.Int32BitsToSingle(0x7FC00000) : value;

    private static double Ordered(double value) =>
        double.IsNaN(value) ? BitConverter.Int64BitsToDouble(0x7FF8000000000000) : value;
}
