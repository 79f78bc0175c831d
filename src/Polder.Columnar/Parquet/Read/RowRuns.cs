using System;
using System.Collections.Generic;

namespace Polder.Parquet.Read;

/// <summary>Rows that follow each other.</summary>
/// <param name="Start">The first, as a position in the row group.</param>
/// <param name="End">The one after the last.</param>
internal readonly record struct RowRun(long Start, long End)
{
    /// <summary>Rows.</summary>
    public long Count => End - Start;
}

/// <summary>Some rows of a row group: runs that ascend and do not touch. Immutable.</summary>
internal sealed class RowRuns
{
    private readonly RowRun[] _runs;

    private RowRuns(RowRun[] runs)
    {
        _runs = runs;
        foreach (RowRun run in runs)
        {
            Count += run.Count;
        }
    }

    /// <summary>No rows.</summary>
    public static RowRuns None { get; } = new([]);

    /// <summary>Rows.</summary>
    public long Count { get; }

    /// <summary>The row after the last; 0 where there is none.</summary>
    public long End => _runs.Length == 0 ? 0 : _runs[^1].End;

    /// <summary>The runs, none empty.</summary>
    public ReadOnlySpan<RowRun> Runs => _runs;

    /// <summary>Rows that follow each other.</summary>
    public static RowRuns Range(long start, long end) => start < end ? new RowRuns([new RowRun(start, end)]) : None;

    /// <summary>Runs that ascend; those that touch or stand less than a gap apart become one.</summary>
    public static RowRuns From(IEnumerable<RowRun> ascending, long smallestGap = 1)
    {
        List<RowRun> runs = [];
        foreach (RowRun run in ascending)
        {
            if (run.Count <= 0)
            {
                continue;
            }

            if (runs.Count > 0 && run.Start - runs[^1].End < smallestGap)
            {
                runs[^1] = new RowRun(runs[^1].Start, long.Max(runs[^1].End, run.End));
            }
            else
            {
                runs.Add(run);
            }
        }

        return runs.Count == 0 ? None : new RowRuns([.. runs]);
    }

    /// <summary>Whether any row of a range is among these.</summary>
    public bool Touches(long start, long end)
    {
        int low = 0, high = _runs.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_runs[middle].End <= start)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < _runs.Length && _runs[low].Start < end;
    }

    /// <summary>The rows that both have.</summary>
    public RowRuns And(RowRuns other)
    {
        List<RowRun> both = [];
        for (int left = 0, right = 0; left < _runs.Length && right < other._runs.Length;)
        {
            RowRun first = _runs[left], second = other._runs[right];
            long start = long.Max(first.Start, second.Start), end = long.Min(first.End, second.End);
            if (start < end)
            {
                both.Add(new RowRun(start, end));
            }

            left += first.End <= second.End ? 1 : 0;
            right += second.End <= first.End ? 1 : 0;
        }

        return From(both);
    }

    /// <summary>At most <paramref name="count"/> rows after the first <paramref name="skipped"/>.</summary>
    public RowRuns Slice(long skipped, long count)
    {
        List<RowRun> part = [];
        foreach (RowRun run in _runs)
        {
            long start = run.Start + long.Min(skipped, run.Count);
            long end = long.Min(run.End, start + count);
            skipped -= start - run.Start;
            count -= end - start;
            if (start < end)
            {
                part.Add(new RowRun(start, end));
            }

            if (count == 0)
            {
                break;
            }
        }

        return From(part);
    }
}
