using System;
using System.Collections.Generic;
using Polder.Bytes;
using Polder.Columns;
using Polder.Parquet.Read;

namespace Polder.Files;

/// <summary>Rows of a file that are left out, by position: what a deletion vector says. Immutable.</summary>
internal sealed class RowMask
{
    /// <summary>Fewer rows left out in a row than this are decoded all the same.</summary>
    private const int SmallestGap = 1024;

    private readonly byte[] _leftOut;
    private readonly long _rowCount;

    /// <param name="leftOut">A bit per row of the file.</param>
    /// <param name="rowCount">Rows of the file.</param>
    public RowMask(byte[] leftOut, long rowCount)
    {
        _leftOut = leftOut;
        _rowCount = rowCount;
    }

    /// <summary>Rows of a row group that are worth looking at: without long runs of rows that are left out.</summary>
    /// <param name="firstRow">The row group's first row, by position in the file.</param>
    /// <param name="rowCount">Its rows.</param>
    public RowRuns Cover(long firstRow, long rowCount)
    {
        List<RowRun> kept = [];
        long start = -1;
        for (long row = 0; row < rowCount;)
        {
            bool isWord = ((firstRow + row) & 7) == 0 && rowCount - row >= 8;
            byte word = isWord ? _leftOut[(firstRow + row) >> 3] : (byte)1;
            int step = word is 0 or byte.MaxValue ? 8 : 1;
            bool isLeftOut = word == byte.MaxValue || (step == 1 && IsLeftOut(firstRow + row));
            if (!isLeftOut)
            {
                start = start < 0 ? row : start;
            }
            else if (start >= 0)
            {
                kept.Add(new RowRun(start, row));
                start = -1;
            }

            row += step;
        }

        if (start >= 0)
        {
            kept.Add(new RowRun(start, rowCount));
        }

        return RowRuns.From(kept, SmallestGap);
    }

    /// <summary>The rows that stay.</summary>
    /// <param name="rows">Rows of a row group.</param>
    /// <param name="firstRow">The row group's first row, by position in the file.</param>
    public Selection Keep(RowRuns rows, long firstRow)
    {
        int rowCount = (int)rows.Count;
        if (rowCount == 0 || !AnyLeftOut(rows, firstRow))
        {
            return Selection.All(rowCount);
        }

        if (rows.Runs.Length == 1)
        {
            long first = firstRow + rows.Runs[0].Start;
            byte[] bits = new byte[Bitmap.SizeBytes(rowCount)];
            Bitmap.Not(_leftOut.AsSpan((int)(first >> 3)), (int)(first & 7), bits, rowCount);
            return Selection.FromBits(bits, rowCount);
        }

        int[] kept = new int[rowCount];
        int count = 0, index = 0;
        foreach (RowRun run in rows.Runs)
        {
            for (long row = firstRow + run.Start; row < firstRow + run.End; row++, index++)
            {
                kept[count] = index;
                count += IsLeftOut(row) ? 0 : 1;
            }
        }

        return Selection.From(kept, count, rowCount);
    }

    private bool AnyLeftOut(RowRuns rows, long firstRow)
    {
        foreach (RowRun run in rows.Runs)
        {
            // A bit's number may exceed what an int holds, a byte's does not.
            long first = firstRow + run.Start;
            int start = (int)(first >> 3);
            if (Bitmap.CountOnes(_leftOut.AsSpan(start), (int)(first & 7), (int)run.Count) > 0)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsLeftOut(long row)
    {
        Invariant.Holds(row < _rowCount, "a row beyond the mask");
        return (_leftOut[row >> 3] & (1 << (int)(row & 7))) != 0;
    }
}
