using System;
using System.Collections.Generic;
using System.Numerics;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Kernels;

namespace Polder.Execution.Keys;

/// <summary>Packs key columns into words, column by column.</summary>
internal sealed class KeyPacker(IReadOnlyList<DataType> types, KeyLayout layout)
{
    /// <summary>A flag that no stored key has: marks a row whose text is too long to be held in place.</summary>
    private const uint TooLong = 1u << 31;

    /// <summary>Packs all rows into cleared spans. False where some text did not fit; such rows match no key.</summary>
    public bool TryPack(IReadOnlyList<IArrowArray> columns, Span<ulong> low, Span<ulong> high, Span<uint> nulls)
    {
        bool fits = true;
        for (int column = 0; column < types.Count; column++)
        {
            KeyLayout.Place place = layout.Places[column];
            Span<ulong> words = place.Word == 0 ? low : high;
            if (ValueWidth.IsBytes(types[column]))
            {
                fits &= place.Width == 16
                    ? TryPackLongText(columns[column], low, high, nulls)
                    : TryPackText(columns[column], place, words, nulls);
            }
            else if (place.Width == 16)
            {
                PackWide(ColumnValues.Fixed<Int128>(columns[column]), low, high);
            }
            else
            {
                PackFixed(columns[column], types[column], words, place.Shift);
            }

            ClearNulls(columns[column], column, place, low, high, nulls);
        }

        return fits;
    }

    private static void PackFixed(IArrowArray column, DataType type, Span<ulong> words, int shift)
    {
        switch (type.Kind)
        {
            case TypeKind.Void:
                break;
            case TypeKind.Boolean:
                PackBooleans(column, words, shift);
                break;
            case TypeKind.Byte:
                PackIntegers(ColumnValues.Fixed<byte>(column), words, shift);
                break;
            case TypeKind.Short:
                PackIntegers(ColumnValues.Fixed<ushort>(column), words, shift);
                break;
            case TypeKind.Integer or TypeKind.Date or TypeKind.YearMonthInterval:
                PackIntegers(ColumnValues.Fixed<uint>(column), words, shift);
                break;
            case TypeKind.Float:
                ReadOnlySpan<float> floats = ColumnValues.Fixed<float>(column);
                for (int row = 0; row < floats.Length; row++)
                {
                    words[row] |= (ulong)BitConverter.SingleToUInt32Bits(FloatValue.Normalise(floats[row])) << shift;
                }

                break;
            case TypeKind.Double:
                ReadOnlySpan<double> doubles = ColumnValues.Fixed<double>(column);
                for (int row = 0; row < doubles.Length; row++)
                {
                    words[row] |= BitConverter.DoubleToUInt64Bits(FloatValue.Normalise(doubles[row])) << shift;
                }

                break;
            case TypeKind.Decimal:
                PackIntegers(ColumnValues.Fixed<UInt128>(column), words, shift);
                break;
            default:
                PackIntegers(ColumnValues.Fixed<ulong>(column), words, shift);
                break;
        }
    }

    private static void PackIntegers<T>(ReadOnlySpan<T> values, Span<ulong> words, int shift)
        where T : unmanaged, IBinaryInteger<T>
    {
        words = words[..values.Length];
        for (int row = 0; row < values.Length; row++)
        {
            words[row] |= ulong.CreateTruncating(values[row]) << shift;
        }
    }

    private static void PackWide(ReadOnlySpan<Int128> values, Span<ulong> low, Span<ulong> high)
    {
        for (int row = 0; row < values.Length; row++)
        {
            low[row] = (ulong)values[row];
            high[row] = (ulong)(values[row] >> 64);
        }
    }

    private static void PackBooleans(IArrowArray column, Span<ulong> words, int shift)
    {
        ReadOnlySpan<byte> bits = column.Length == 0 ? [] : column.Data.Buffers[1].Span;
        for (int row = 0; row < column.Length; row++)
        {
            words[row] |= (Bitmap.Get(bits, column.Data.Offset + row) ? 1UL : 0) << shift;
        }
    }

    private static bool TryPackText(IArrowArray column, KeyLayout.Place place, Span<ulong> words, Span<uint> nulls)
    {
        ReadOnlySpan<int> offsets = ColumnValues.Offsets(column);
        ReadOnlySpan<byte> bytes = column.Length == 0 ? [] : ColumnValues.Bytes(column);
        int room = place.Width - 1;
        bool fits = true;
        for (int row = 0; row < column.Length; row++)
        {
            int start = offsets[row];
            int length = offsets[row + 1] - start;
            if (length > room)
            {
                nulls[row] |= TooLong;
                fits = false;
                continue;
            }

            ulong value = PrefixWord.LittleEndian(bytes, start, start + length) | ((ulong)length << (8 * room));
            words[row] |= value << place.Shift;
        }

        return fits;
    }

    private static bool TryPackLongText(IArrowArray column, Span<ulong> low, Span<ulong> high, Span<uint> nulls)
    {
        ReadOnlySpan<int> offsets = ColumnValues.Offsets(column);
        ReadOnlySpan<byte> bytes = column.Length == 0 ? [] : ColumnValues.Bytes(column);
        bool fits = true;
        for (int row = 0; row < column.Length; row++)
        {
            int start = offsets[row];
            int length = offsets[row + 1] - start;
            if (length > 15)
            {
                nulls[row] |= TooLong;
                fits = false;
                continue;
            }

            low[row] = PrefixWord.LittleEndian(bytes, start, start + int.Min(8, length));
            high[row] = ((ulong)length << 56) |
                (length > 8 ? PrefixWord.LittleEndian(bytes, start + 8, start + length) : 0);
        }

        return fits;
    }

    private static void ClearNulls(
        IArrowArray array, int column, KeyLayout.Place place, Span<ulong> low, Span<ulong> high, Span<uint> nulls)
    {
        Validity validity = Validity.Of(array);
        if (!validity.HasNulls)
        {
            return;
        }

        ulong keep = ~(place.Mask << place.Shift);
        Span<ulong> words = place.Word == 0 ? low : high;
        for (int row = 0; row < array.Length; row++)
        {
            if (validity.IsValid(row))
            {
                continue;
            }

            nulls[row] |= 1u << column;
            if (place.Width == 16)
            {
                low[row] = 0;
                high[row] = 0;
            }
            else if (place.Width > 0)
            {
                words[row] &= keep;
            }
        }
    }
}
