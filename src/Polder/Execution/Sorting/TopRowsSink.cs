using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns.Kernels;
using Polder.Columns.Kernels.Sorting;
using Polder.Execution.Pipelines;

namespace Polder.Execution.Sorting;

/// <summary>
/// The first rows of an order. Each collector keeps a few times as many rows as are wanted, cuts them back by sorting,
/// and from then on takes only rows that stand before the last of them.
/// </summary>
internal sealed class TopRowsSink(SortPlan plan, int rowCount, MemoryBudget memory) : Sink
{
    private readonly MemoryAccount _account = new(memory, "Top-N");
    private readonly TopRows _top = new(rowCount);
    private SortRun? _result;

    /// <summary>Number of rows.</summary>
    public int RowCount => _result?.Batch.Length ?? 0;

    public override SinkPart CreatePart() => new Part(plan, new TopRows(rowCount), new MemoryAccount(memory, "Top-N"));

    public override void Combine(SinkPart part)
    {
        Part collected = (Part)part;
        collected.Account.Release();
        if (collected.Top.Cut() is { } run)
        {
            _top.Add(run);
        }

        _account.Set(_top.SizeBytes);
    }

    public override void Complete() => _result = _top.Cut();

    /// <summary>A run of the rows in order.</summary>
    public RecordBatch Build(int start, int count) => _result!.Batch.Slice(start, count);

    private sealed class Part(SortPlan plan, TopRows top, MemoryAccount account) : SinkPart
    {
        public TopRows Top { get; } = top;

        public MemoryAccount Account { get; } = account;

        public override void Push(Chunk chunk)
        {
            Top.Add(plan.Encode(chunk));
            Account.Set(Top.SizeBytes);
        }

        public override void Complete() => Top.Cut();
    }
}

/// <summary>The first rows of those added. Of equal keys the row added first counts.</summary>
internal sealed class TopRows(int rowCount)
{
    private readonly List<SortRun> _runs = [];
    private byte[]? _bound;
    private long _heldRows;

    public long SizeBytes => _runs.Sum(run => run.SizeBytes);

    public void Add(SortRun run)
    {
        SortRun? passing = _bound is null ? run : Before(run, _bound);
        if (passing is null)
        {
            return;
        }

        _runs.Add(passing);
        _heldRows += passing.Batch.Length;
        if (_heldRows > (2L * rowCount) + Chunk.MaxRows)
        {
            Cut();
        }
    }

    /// <summary>Sorts what is held and drops what is not wanted; null where there is nothing.</summary>
    public SortRun? Cut()
    {
        if (_runs.Count == 0)
        {
            return null;
        }

        SortKeys keys = SortKeys.Concat([.. _runs.Select(run => run.Keys)]);
        RecordBatch rows = _runs.Count == 1 ? _runs[0].Batch : Concat.Batches([.. _runs.Select(run => run.Batch)]);
        int[] order = RowSorter.Sort(keys);
        ReadOnlySpan<int> kept = order.AsSpan(0, int.Min(rowCount, order.Length));
        SortRun top = new(Take.Rows(rows, kept), keys.Take(kept));
        _runs.Clear();
        _runs.Add(top);
        _heldRows = kept.Length;
        if (kept.Length == rowCount)
        {
            _bound = top.Keys[kept.Length - 1].ToArray();
        }

        return top;
    }

    private static SortRun? Before(SortRun run, byte[] bound)
    {
        int[] rows = new int[run.Batch.Length];
        int count = 0;
        for (int row = 0; row < rows.Length; row++)
        {
            if (run.Keys[row].SequenceCompareTo(bound) < 0)
            {
                rows[count++] = row;
            }
        }

        return count == 0
            ? null
            : count == rows.Length
                ? run
                : new SortRun(Take.Rows(run.Batch, rows.AsSpan(0, count)), run.Keys.Take(rows.AsSpan(0, count)));
    }
}
