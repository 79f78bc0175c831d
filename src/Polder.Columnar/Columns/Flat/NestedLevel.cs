using System;
using System.Collections.Generic;
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
    /// <param name="kept">
    /// Null, or the ranges of the level below that are to be joined first, because null lists cover the others.
    /// </param>
    /// <exception cref="CorruptFileException">The offsets are too few, descend or leave the level below.</exception>
    public static NestedLevel Of(ArrayData data, RowBits rows, int itemCount, out List<(int Start, int End)>? kept)
    {
        kept = null;
        ArrayValidation.CheckOffsets(data, (long)data.Offset + data.Length, itemCount);
        if (data.Length == 0)
        {
            // An empty array may come without its single offset.
            return new NestedLevel(OneZero, default, 0);
        }

        int start = data.Offset * sizeof(int);
        int sizeBytes = (data.Length + 1) * sizeof(int);
        ReadOnlyMemory<byte> offsets = data.Buffers[1].Memory.Slice(start, sizeBytes);
        if (CoversItems(ByteCast.As<int>(offsets.Span), rows))
        {
            kept = [];
            offsets = WithEmptyNulls(ByteCast.As<int>(offsets.Span), rows, kept);
        }

        return new NestedLevel(offsets, rows, data.Length);
    }

    private static bool CoversItems(ReadOnlySpan<int> offsets, RowBits rows)
    {
        for (int item = 0; rows.HasNulls && item + 1 < offsets.Length; item++)
        {
            if (offsets[item] != offsets[item + 1] && rows.IsNull(item))
            {
                return true;
            }
        }

        return false;
    }

    // Arrow lets a null list cover items that mean nothing; the span of its parent's leaves would contain them.
    private static byte[] WithEmptyNulls(ReadOnlySpan<int> offsets, RowBits rows, List<(int Start, int End)> kept)
    {
        byte[] bytes = new byte[offsets.Length * sizeof(int)];
        Span<int> closed = ByteCast.As<int>(bytes.AsSpan());
        for (int item = 0; item + 1 < offsets.Length; item++)
        {
            int count = 0;
            if (!rows.IsNull(item) && offsets[item] < offsets[item + 1])
            {
                count = offsets[item + 1] - offsets[item];
                kept.Add((offsets[item], offsets[item + 1]));
            }

            closed[item + 1] = closed[item] + count;
        }

        return bytes;
    }
}
