using System;
using System.Collections.Generic;
using Polder.Columns;

namespace Polder.Parquet.Read;

/// <summary>Which rows a batch has, and how its leaves come to them.</summary>
internal sealed class BatchRows
{
    /// <summary>Rows kept that stand less than this apart are decoded in one go, and taken out afterwards.</summary>
    private const int SmallestGap = 32;

    private BatchRows(RowRuns early, Selection kept, RowRuns late, Selection keptOfLate)
    {
        Early = early;
        Kept = kept;
        Late = late;
        KeptOfLate = keptOfLate;
    }

    /// <summary>The rows that early leaves are decoded for.</summary>
    public RowRuns Early { get; }

    /// <summary>Those of <see cref="Early"/> that come out.</summary>
    public Selection Kept { get; }

    /// <summary>The rows that late leaves are decoded for.</summary>
    public RowRuns Late { get; }

    /// <summary>Those of <see cref="Late"/> that come out.</summary>
    public Selection KeptOfLate { get; }

    /// <summary>All of some rows.</summary>
    public static BatchRows All(RowRuns rows)
    {
        Selection all = Selection.All((int)rows.Count);
        return new BatchRows(rows, all, rows, all);
    }

    /// <summary>Some of some rows.</summary>
    public static BatchRows Of(RowRuns rows, Selection kept)
    {
        if (kept.Count == rows.Count)
        {
            return All(rows);
        }

        if (kept.Count == 0)
        {
            return new BatchRows(rows, kept, RowRuns.None, kept);
        }

        if (kept.Count > rows.Count / 4 * 3)
        {
            return new BatchRows(rows, kept, rows, kept);
        }

        RowRuns late = Cover(rows, kept.Rows, out int[] positions);
        return new BatchRows(rows, kept, late, Selection.From(positions, positions.Length, (int)late.Count));
    }

    /// <summary>The positions in the row group of the rows that come out.</summary>
    public void WritePositions(Span<long> positions)
    {
        int run = 0;
        long passed = 0;
        ReadOnlySpan<RowRun> runs = Early.Runs;
        ReadOnlySpan<int> kept = Kept.Rows;
        for (int index = 0; index < kept.Length; index++)
        {
            while (kept[index] >= passed + runs[run].Count)
            {
                passed += runs[run++].Count;
            }

            positions[index] = runs[run].Start + (kept[index] - passed);
        }
    }

    // Runs that hold the kept rows and little else, none across rows that are not there at all.
    private static RowRuns Cover(RowRuns rows, ReadOnlySpan<int> kept, out int[] positions)
    {
        List<RowRun> cover = [];
        positions = new int[kept.Length];
        long passed = 0, covered = 0;
        int index = 0;
        foreach (RowRun run in rows.Runs)
        {
            long start = -1, end = -1;
            for (; index < kept.Length && kept[index] < passed + run.Count; index++)
            {
                long row = run.Start + (kept[index] - passed);
                if (start >= 0 && row - end >= SmallestGap)
                {
                    cover.Add(new RowRun(start, end));
                    covered += end - start;
                    start = -1;
                }

                start = start < 0 ? row : start;
                end = row + 1;
                positions[index] = (int)(covered + row - start);
            }

            if (start >= 0)
            {
                cover.Add(new RowRun(start, end));
                covered += end - start;
            }

            passed += run.Count;
        }

        return RowRuns.From(cover);
    }
}
