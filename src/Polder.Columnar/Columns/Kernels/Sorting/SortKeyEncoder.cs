using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;

namespace Polder.Columns.Kernels.Sorting;

/// <summary>How a column takes part in an order.</summary>
internal readonly record struct SortColumn(DataType Type, bool Descending, bool NullsFirst);

/// <summary>
/// Makes byte-comparable keys: per column a byte for null or not, then the value: integers big-endian with the sign
/// flipped, floats by ordered bits (NaN largest, zeros equal), strings with 0 escaped and a terminator. Descending
/// values are inverted.
/// </summary>
internal sealed class SortKeyEncoder(IReadOnlyList<SortColumn> columns)
{
    private readonly bool _isFixed = columns.All(column => ValueWidth.Of(column.Type) >= 0);
    private readonly int _fixedSize = columns.Sum(column => 1 + int.Max(0, ValueWidth.Of(column.Type)));

    /// <summary>The keys of rows.</summary>
    /// <exception cref="UnsupportedFeatureException">Values of a type have no order.</exception>
    public SortKeys Encode(IReadOnlyList<IArrowArray> arrays, int rowCount)
    {
        if (_isFixed && rowCount == 0)
        {
            return SortKeys.Fixed([], _fixedSize, 0);
        }

        if (_isFixed)
        {
            byte[] bytes = new byte[checked(_fixedSize * rowCount)];
            int offset = 0;
            for (int index = 0; index < columns.Count; index++)
            {
                EncodeFixed(arrays[index], columns[index], bytes.AsSpan(offset), rowCount);
                offset += 1 + ValueWidth.Of(columns[index].Type);
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

    private void EncodeFixed(IArrowArray array, SortColumn column, Span<byte> target, int rowCount)
    {
        OrderedWords words = OrderedWords.Of(array, column.Type);
        Validity validity = Validity.Of(array);
        byte present = column.NullsFirst ? (byte)1 : (byte)0;
        for (int row = 0; row < rowCount; row++)
        {
            Span<byte> key = target.Slice(row * _fixedSize, 1 + words.Width);
            if (validity.IsNull(row))
            {
                key[0] = (byte)(1 - present);
                continue;
            }

            key[0] = present;
            words.Write(row, key[1..], column.Descending);
        }
    }
}
