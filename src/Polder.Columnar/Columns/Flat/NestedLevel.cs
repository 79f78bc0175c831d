using System;
using Apache.Arrow;
using Polder.Bytes;

namespace Polder.Columns.Flat;

/// <summary>One level of lists: where in the level below each of them ends, and which are null.</summary>
internal sealed class NestedLevel
{
    private static readonly byte[] OneZero = new byte[sizeof(int)];

    private readonly ReadOnlyMemory<byte> _offsets;
    private readonly RowBits _rows;

    private NestedLevel(ReadOnlyMemory<byte> offsets, RowBits rows, int count)
    {
        _offsets = offsets;
        _rows = rows;
        Count = count;
    }

    /// <summary>Number of lists.</summary>
    public int Count { get; }

    /// <summary>Where each list starts in the level below; one more than lists.</summary>
    public ReadOnlySpan<int> Offsets => ByteCast.As<int>(_offsets.Span);

    /// <summary>Whether a list is null.</summary>
    public bool IsNull(int item) => _rows.IsNull(item);

    /// <summary>The level that an array of lists or strings makes.</summary>
    /// <param name="data">The array; its lengths and bitmap are already checked.</param>
    /// <param name="rows">Which of its rows are null.</param>
    /// <param name="itemCount">Number of items (or bytes) one level below.</param>
    /// <exception cref="CorruptFileException">The offsets are too few, descend or leave the level below.</exception>
    /// <exception cref="UnsupportedFeatureException">A null list with items.</exception>
    public static NestedLevel Of(ArrayData data, RowBits rows, int itemCount)
    {
        ArrayValidation.CheckOffsets(data, (long)data.Offset + data.Length, itemCount);
        if (data.Length == 0)
        {
            // An empty array may come without its single offset.
            return new NestedLevel(OneZero, default, 0);
        }

        int start = data.Offset * sizeof(int);
        int sizeBytes = (data.Length + 1) * sizeof(int);
        NestedLevel level = new(data.Buffers[1].Memory.Slice(start, sizeBytes), rows, data.Length);
        level.CheckNulls();
        return level;
    }

    // Arrow lets a null list cover items that mean nothing; the span of its parent's leaves would contain them.
    private void CheckNulls()
    {
        if (!_rows.HasNulls)
        {
            return;
        }

        ReadOnlySpan<int> offsets = Offsets;
        for (int item = 0; item < Count; item++)
        {
            if (offsets[item] != offsets[item + 1] && _rows.IsNull(item))
            {
                throw new UnsupportedFeatureException(
                    "a null list that covers items", $"list {item} does; rebuild the array with empty nulls");
            }
        }
    }
}
