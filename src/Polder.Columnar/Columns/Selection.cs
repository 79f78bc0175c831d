using System;

namespace Polder.Columns;

/// <summary>Chosen rows of a batch, ascending and without repeats. Immutable.</summary>
public sealed class Selection
{
    private readonly int[]? _rows;
    private int[]? _allRows;

    private Selection(int[]? rows, int count, int rowCount)
    {
        _rows = rows;
        Count = count;
        RowCount = rowCount;
    }

    /// <summary>No row of any batch.</summary>
    public static Selection None { get; } = new([], 0, 0);

    /// <summary>How many rows are chosen.</summary>
    public int Count { get; }

    /// <summary>Rows of the batch; where the maker did not say, one more than the last chosen row.</summary>
    public int RowCount { get; }

    /// <summary>Whether every row of the batch is known to be chosen.</summary>
    public bool IsAll => _rows is null;

    /// <summary>The 0-based rows, ascending; borrowed.</summary>
    public ReadOnlySpan<int> Rows => (_rows ?? (_allRows ??= CountUp(Count))).AsSpan(0, Count);

    /// <summary>Every row of a batch of that many.</summary>
    public static Selection All(int rowCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        return new Selection(null, rowCount, rowCount);
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
            return count == rowCount ? All(rowCount) : new Selection(ascendingRows, count, rowCount);
        }

        return new Selection(ascendingRows, count, smallestRowCount);
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

        return new Selection(both, count, int.Max(RowCount, other.RowCount));
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
