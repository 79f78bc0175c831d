using System;
using System.Linq;
using System.Numerics;
using Apache.Arrow;
using Polder.Bytes;

namespace Polder.Columns.Kernels;

/// <summary>Joins dictionary arrays: under their one dictionary, or under theirs put one after the other.</summary>
internal static class ConcatDictionaries
{
    /// <summary>Joins arrays whose positions are joined already.</summary>
    /// <exception cref="UnsupportedFeatureException">Positions of that type do not reach that far.</exception>
    public static ArrayData Join(ArrayData[] parts, int length, ValidityBuffer validity, byte[] positions)
    {
        ArrayData dictionary = parts[0].Dictionary;
        if (!parts.All(part => ReferenceEquals(part.Dictionary, dictionary)))
        {
            dictionary = Concat.Join([.. parts.Select(part => part.Dictionary)]);
            Shift(parts, positions, dictionary.Length);
        }

        return new ArrayData(
            parts[0].DataType, length, validity.NullCount, 0, [validity.Bits, new ArrowBuffer(positions)], null,
            dictionary);
    }

    private static void Shift(ArrayData[] parts, byte[] positions, int entryCount)
    {
        switch (((Apache.Arrow.Types.DictionaryType)parts[0].DataType).IndexType)
        {
            case Apache.Arrow.Types.Int8Type:
                Shift<sbyte>(parts, positions, entryCount);
                break;
            case Apache.Arrow.Types.UInt8Type:
                Shift<byte>(parts, positions, entryCount);
                break;
            case Apache.Arrow.Types.Int16Type:
                Shift<short>(parts, positions, entryCount);
                break;
            case Apache.Arrow.Types.UInt16Type:
                Shift<ushort>(parts, positions, entryCount);
                break;
            case Apache.Arrow.Types.Int32Type or Apache.Arrow.Types.UInt32Type:
                Shift<int>(parts, positions, entryCount);
                break;
            default:
                Shift<long>(parts, positions, entryCount);
                break;
        }
    }

    private static void Shift<T>(ArrayData[] parts, byte[] positions, int entryCount)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (entryCount > 0 && T.CreateSaturating(entryCount - 1) != T.CreateTruncating(entryCount - 1))
        {
            throw new UnsupportedFeatureException(
                "joining dictionaries of more entries than positions reach", "convert the arrays to canonical form");
        }

        Span<T> values = ByteCast.As<T>(positions.AsSpan());
        int row = 0;
        int shift = 0;
        foreach (ArrayData part in parts)
        {
            T step = T.CreateTruncating(shift);
            foreach (ref T value in values.Slice(row, part.Length))
            {
                // Under a null anything may stand; it may wrap around.
                value = unchecked(value + step);
            }

            row += part.Length;
            shift += part.Dictionary.Length;
        }
    }
}

/// <summary>Joins arrays of string or binary views: the bytes stay where they are.</summary>
internal static class ConcatViews
{
    /// <summary>The buffers of the join of arrays whose views are joined already.</summary>
    public static ArrowBuffer[] Join(ArrayData[] parts, ValidityBuffer validity, byte[] views)
    {
        Span<int> words = ByteCast.As<int>(views.AsSpan());
        int row = 0;
        int bufferCount = 0;
        foreach (ArrayData part in parts)
        {
            for (int end = row + part.Length; row < end; row++)
            {
                bool isInline = words[4 * row] <= ArrayBuffers.MaxInlineBytes;
                words[(4 * row) + 2] += isInline ? 0 : bufferCount;
            }

            bufferCount += part.Buffers.Length - 2;
        }

        return [validity.Bits, new ArrowBuffer(views), .. parts.SelectMany(part => part.Buffers.Skip(2))];
    }
}
