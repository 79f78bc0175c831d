using System;
using Polder.Bytes;

namespace Polder.Columns;

/// <summary>Chosen rows of a batch, ascending and without repeats. Immutable.</summary>
public sealed class Selection
{
    private readonly byte[]? _bits;
    private int[]? _rows;

    private Selection(int[]? rows, byte[]? bits, int count, int rowCount)
    {
        _rows = rows;
        _bits = bits;
        IsAll = rows is null && bits is null;
        Count = count;
        RowCount = rowCount;
    }

    /// <summary>No row of any batch.</summary>
    public static Selection None { get; } = new([], null, 0, 0);

    /// <summary>How many rows are chosen.</summary>
    public int Count { get; }

    /// <summary>Rows of the batch; where the maker did not say, one more than the last chosen row.</summary>
    public int RowCount { get; }

    /// <summary>Whether every row of the batch is known to be chosen.</summary>
    public bool IsAll { get; }

    /// <summary>The 0-based rows, ascending; borrowed.</summary>
    public ReadOnlySpan<int> Rows => (_rows ??= _bits is null ? CountUp(Count) : FindRows(_bits)).AsSpan(0, Count);

    /// <summary>One bit a row, from bit 0, where the selection was made of such; else empty. Borrowed.</summary>
    internal ReadOnlySpan<byte> Bits => _bits;

    /// <summary>Every row of a batch of that many.</summary>
    public static Selection All(int rowCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        return new Selection(null, null, rowCount, rowCount);
    }

    /// <summary>The first rows of an array, which the selection keeps.</summary>
    /// <param name="ascendingRows">0-based rows, ascending and without repeats.</param>
    /// <param name="count">How many of them count.</param>
    /// <param name="rowCount">Rows of the batch, or -1 where unknown.</param>
    public static Selection From(int[] ascendingRows, int count, int rowCount = -1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, ascendingRows.Length);
        int smallestRowCount = count == 0 ? 0 : ascendingRows[count - 1] + 1;
        if (rowCount >= 0)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, smallestRowCount);
            return count == rowCount ? All(rowCount) : new Selection(ascendingRows, null, count, rowCount);
        }

        return new Selection(ascendingRows, null, count, smallestRowCount);
    }

    /// <summary>The rows whose bit is set; the selection keeps the array.</summary>
    /// <param name="bits">One bit a row, from bit 0.</param>
    /// <param name="rowCount">Rows of the batch.</param>
    internal static Selection FromBits(byte[] bits, int rowCount)
    {
        int count = Bitmap.CountOnes(bits, 0, rowCount);
        return count == rowCount ? All(rowCount) : new Selection(null, bits, count, rowCount);
    }

    /// <summary>The rows that both choose, of the same batch.</summary>
    public Selection And(Selection other)
    {
        if (IsAll && RowCount >= other.RowCount)
        {
            return other;
        }

        if (other.IsAll && other.RowCount >= RowCount)
        {
            return this;
        }

        if (_bits is not null && other._bits is not null && RowCount == other.RowCount)
        {
            byte[] bits = new byte[Bitmap.SizeBytes(RowCount)];
            Bitmap.And(_bits, 0, other._bits, 0, bits, RowCount);
            return FromBits(bits, RowCount);
        }

        ReadOnlySpan<int> left = Rows;
        ReadOnlySpan<int> right = other.Rows;
        int[] both = new int[int.Min(left.Length, right.Length)];
        int count = 0;
        for (int leftIndex = 0, rightIndex = 0; leftIndex < left.Length && rightIndex < right.Length;)
        {
            int difference = left[leftIndex] - right[rightIndex];
            if (difference == 0)
            {
                both[count++] = left[leftIndex];
            }

            leftIndex += difference <= 0 ? 1 : 0;
            rightIndex += difference >= 0 ? 1 : 0;
        }

        return new Selection(both, null, count, int.Max(RowCount, other.RowCount));
    }

    private int[] FindRows(byte[] bits)
    {
        int[] rows = new int[Count];
        Bitmap.FindOnes(bits, 0, RowCount, rows);
        return rows;
    }

    private static int[] CountUp(int count)
    {
        int[] rows = new int[count];
        for (int row = 0; row < count; row++)
        {
            rows[row] = row;
        }

        return rows;
    }
}
