using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns.Kernels;
using Polder.Columns.Kernels.Sorting;
using Polder.Execution.Pipelines;

namespace Polder.Execution.Sorting;

/// <summary>
/// Collects all rows with their keys and sorts row numbers at the end; rows are gathered as they are read. The number
/// of a row decides between equal keys, so the sort is stable.
/// </summary>
internal sealed class SortSink(SortPlan plan, MemoryBudget memory) : Sink
{
    private readonly MemoryAccount _account = new(memory, "Sort");
    private readonly List<SortRun> _runs = [];
    private RecordBatch? _rows;
    private int[] _order = [];

    /// <summary>Number of rows.</summary>
    public int RowCount => _order.Length;

    public override SinkPart CreatePart() => new Part(plan, new MemoryAccount(memory, "Sort"));

    public override void Combine(SinkPart part)
    {
        Part collected = (Part)part;
        _account.Add(collected.Runs.Sum(run => run.SizeBytes));
        collected.Account.Release();
        _runs.AddRange(collected.Runs);
    }

    public override void Complete()
    {
        if (_runs.Count == 0)
        {
            return;
        }

        long rowCount = _runs.Sum(run => (long)run.Batch.Length);
        _account.Add(_runs.Sum(run => run.SizeBytes) + RowSorter.ScratchBytes(rowCount));
        _rows = Concat.Batches([.. _runs.Select(run => run.Batch)]);
        SortKeys allKeys = SortKeys.Concat([.. _runs.Select(run => run.Keys)]);
        _runs.Clear();
        _order = RowSorter.Sort(allKeys);
        _account.Set(ArraySize.Of(_rows) + (sizeof(int) * rowCount));
    }

    /// <summary>A run of the rows in order.</summary>
    public RecordBatch Build(int start, int count) => Take.Rows(_rows!, _order.AsSpan(start, count));

    private sealed class Part(SortPlan plan, MemoryAccount account) : SinkPart
    {
        public List<SortRun> Runs { get; } = [];

        public MemoryAccount Account { get; } = account;

        public override void Push(Chunk chunk)
        {
            SortRun run = plan.Encode(chunk);
            Account.Add(run.SizeBytes);
            Runs.Add(run);
        }
    }
}
