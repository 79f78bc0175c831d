using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;

namespace Polder.Execution.Keys;

/// <summary>
/// Where each key column sits in a key of one or two 64-bit words. Short strings are held in place: bytes first, the
/// length in the last byte of the place.
/// </summary>
internal sealed class KeyLayout
{
    /// <summary>More columns than a word has bytes do not fit, and null flags have as many bits.</summary>
    private const int MaxColumns = 16;

    private KeyLayout(Place[] places, bool isWide)
    {
        Places = places;
        IsWide = isWide;
    }

    /// <summary>One per column.</summary>
    public IReadOnlyList<Place> Places { get; }

    /// <summary>Whether there is a second word.</summary>
    public bool IsWide { get; }

    /// <summary>A layout that holds these columns; null where there is none.</summary>
    /// <param name="types">Of the columns.</param>
    /// <param name="longestTexts">Bytes of the longest value, for text and binary columns.</param>
    public static KeyLayout? Fit(IReadOnlyList<DataType> types, IReadOnlyList<int> longestTexts)
    {
        if (types.Count > MaxColumns)
        {
            return null;
        }

        int[] widths = new int[types.Count];
        for (int column = 0; column < widths.Length; column++)
        {
            DataType type = types[column];
            widths[column] = ValueWidth.IsBytes(type) ? longestTexts[column] + 1 : ValueWidth.Of(type);
            if (widths[column] < 0 || widths[column] > (types.Count == 1 ? 16 : 8))
            {
                return null;
            }
        }

        return types.Count == 1 && widths[0] > 8
            ? new KeyLayout([new Place(0, 0, 16)], true)
            : Arrange(types, widths);
    }

    /// <summary>Bytes of the longest value of each text column, 0 for the others.</summary>
    public static int[] MeasureTexts(IReadOnlyList<DataType> types, IReadOnlyList<IArrowArray> columns)
    {
        int[] longest = new int[types.Count];
        for (int column = 0; column < longest.Length; column++)
        {
            if (ValueWidth.IsBytes(types[column]) && columns[column].Length > 0)
            {
                ReadOnlySpan<int> offsets = ColumnValues.Offsets(columns[column]);
                for (int row = 1; row < offsets.Length; row++)
                {
                    longest[column] = int.Max(longest[column], offsets[row] - offsets[row - 1]);
                }
            }
        }

        return longest;
    }

    private static KeyLayout? Arrange(IReadOnlyList<DataType> types, int[] widths)
    {
        Place[] places = new Place[types.Count];
        int[] used = [0, 0];
        int[] lastText = [-1, -1];
        IEnumerable<int> order = Enumerable.Range(0, types.Count)
            .OrderBy(column => ValueWidth.IsBytes(types[column]))
            .ThenByDescending(column => widths[column]);
        foreach (int column in order)
        {
            int word = used[0] + widths[column] <= 8 ? 0 : 1;
            if (used[word] + widths[column] > 8)
            {
                return null;
            }

            places[column] = new Place(word, 8 * used[word], widths[column]);
            used[word] += widths[column];
            lastText[word] = ValueWidth.IsBytes(types[column]) ? column : lastText[word];
        }

        // Room left over goes to the last string of each word, so that longer ones to come still fit.
        for (int word = 0; word < 2; word++)
        {
            if (lastText[word] >= 0)
            {
                Place place = places[lastText[word]];
                places[lastText[word]] = place with { Width = place.Width + 8 - used[word] };
            }
        }

        return new KeyLayout(places, used[1] > 0);
    }

    /// <summary>The place of a column.</summary>
    /// <param name="Word">0 or 1; 0 where it takes both.</param>
    /// <param name="Shift">Bits below it in its word.</param>
    /// <param name="Width">Bytes; 16 = both words.</param>
    public readonly record struct Place(int Word, int Shift, int Width)
    {
        /// <summary>The bits of the place, shifted down.</summary>
        public ulong Mask => Width >= 8 ? ulong.MaxValue : (1UL << (8 * Width)) - 1;
    }
}
