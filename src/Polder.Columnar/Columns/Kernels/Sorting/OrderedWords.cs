using System;
using System.Buffers.Binary;
using Apache.Arrow;
using Polder.Bytes;

namespace Polder.Columns.Kernels.Sorting;

/// <summary>Values of fixed width as words whose bytes, highest first, order as the values do.</summary>
internal sealed class OrderedWords
{
    private readonly ulong[] _words;
    private readonly ulong[]? _lowWords;
    private readonly int _width;

    private OrderedWords(ulong[] words, ulong[]? lowWords, int width)
    {
        _words = words;
        _lowWords = lowWords;
        _width = width;
    }

    /// <summary>Bytes of a value: 0 to 8, or 16.</summary>
    public int Width => _width;

    /// <summary>The words of a column whose type has a width in keys.</summary>
    public static OrderedWords Of(IArrowArray array, DataType type)
    {
        ulong[] words = new ulong[array.Length];
        int width = ValueWidth.Of(type);
        switch (type.Kind)
        {
            case TypeKind.Void:
                break;
            case TypeKind.Boolean:
                for (int row = 0; row < words.Length; row++)
                {
                    words[row] = ColumnValues.Boolean(array, row) ? 1UL : 0;
                }

                break;
            case TypeKind.Byte:
                OrderKernels.Integers(ColumnValues.Fixed<sbyte>(array), words);
                break;
            case TypeKind.Short:
                OrderKernels.Integers(ColumnValues.Fixed<short>(array), words);
                break;
            case TypeKind.Integer or TypeKind.Date or TypeKind.YearMonthInterval:
                OrderKernels.Integers(ColumnValues.Fixed<int>(array), words);
                break;
            case TypeKind.Float:
                OrderKernels.Floats(ColumnValues.Fixed<float>(array), words);
                break;
            case TypeKind.Double:
                OrderKernels.Doubles(ColumnValues.Fixed<double>(array), words);
                break;
            case TypeKind.Decimal:
                return OfDecimals(ColumnValues.Fixed<Int128>(array), words, width);
            default:
                OrderKernels.Integers(ColumnValues.Fixed<long>(array), words);
                break;
        }

        return new OrderedWords(words, null, width);
    }

    /// <summary>Writes the bytes of a row's value, or their opposites.</summary>
    public void Write(int row, Span<byte> destination, bool isInverted)
    {
        ulong flip = isInverted ? ulong.MaxValue : 0;
        if (_lowWords is not null)
        {
            BinaryPrimitives.WriteUInt64BigEndian(destination, _words[row] ^ flip);
            BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _lowWords[row] ^ flip);
            return;
        }

        ulong word = _words[row] ^ flip;
        if (_width == sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64BigEndian(destination, word);
            return;
        }

        for (int index = _width - 1; index >= 0; index--)
        {
            destination[index] = (byte)word;
            word >>= 8;
        }
    }

    private static OrderedWords OfDecimals(ReadOnlySpan<Int128> values, ulong[] words, int width)
    {
        ulong[]? lowWords = width == 16 ? new ulong[words.Length] : null;
        for (int row = 0; row < words.Length; row++)
        {
            // A decimal of up to 18 digits is its low half.
            ulong high = lowWords is null ? (ulong)values[row] : (ulong)(values[row] >> 64);
            words[row] = high ^ (1UL << 63);
            if (lowWords is not null)
            {
                lowWords[row] = (ulong)values[row];
            }
        }

        return new OrderedWords(words, lowWords, width);
    }
}
