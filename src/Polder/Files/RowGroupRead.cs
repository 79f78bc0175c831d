using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Parquet.Compression;
using Polder.Parquet.Read;
using Polder.Storage;

namespace Polder.Files;

/// <summary>
/// One row group being read. Leaves are dealt to lanes; a lane decodes its leaves of one stride after those of the
/// stride before, while other lanes are elsewhere. Where rows are filtered, the lanes of late leaves wait until the
/// filter has seen the early ones of the stride.
/// </summary>
internal sealed class RowGroupRead : IAsyncDisposable
{
    /// <summary>Where one row in this many or more is kept, late leaves are fetched ahead of the filter.</summary>
    private const int DenseShare = 8;

    private readonly ScanSetup _setup;
    private readonly RowRuns _rows;
    private readonly RowGroupDecoder _decoder;
    private readonly LeafFetch[] _fetches;
    private readonly Lane[] _early;
    private readonly Lane[] _late;
    private readonly int _batchRows;
    private readonly int _batchCount;
    private readonly bool _selects;
    private long _rowsBegun;
    private long _rowsSeen;
    private long _rowsKept;

    /// <summary>Opens the row group and begins to fetch the first windows.</summary>
    public RowGroupRead(RowGroupRows rows, ScanSetup setup)
    {
        _setup = setup;
        _rows = rows.Rows;
        _selects = setup.Filter is not null || setup.Options.Mask is not null;
        _decoder = new RowGroupDecoder(setup.Leaves, rows, setup.Source, setup.Options.RowIndexColumn);
        _fetches = [.. _decoder.Leaves.Select(leaf => new LeafFetch(leaf, setup.Resources.ReadAsync))];
        (_batchRows, _batchCount) = setup.Sizing.ForRowGroup(rows.RowGroup);
        int earlyCount = setup.Leaves.EarlyCount;
        _early = Deal(0, earlyCount);
        _late = Deal(earlyCount, _fetches.Length - earlyCount);

        // Late leaves behind a filter are not fetched before it has said for which rows.
        int fetchedCount = setup.Filter is null ? _fetches.Length : earlyCount;
        foreach (LeafDecoder leaf in _decoder.Leaves.Take(fetchedCount))
        {
            leaf.Want(_rows);
        }

        Task fetched = FetchFirstWindowsAsync(fetchedCount);
        foreach (Lane lane in _early.Concat(_late))
        {
            lane.Progress = fetched;
        }
    }

    /// <summary>Begins to decode the next rows.</summary>
    public Stride BeginStride()
    {
        RowRuns[] rows = NextBatches();
        LeafColumn[][] columns = [.. rows.Select(_ => new LeafColumn[_decoder.Leaves.Count])];
        foreach (Lane lane in _early)
        {
            lane.Progress = DecodeEarlyAsync(lane, rows, columns);
        }

        Task<BatchRows[]> selected = SelectAsync(Task.WhenAll(_early.Select(lane => lane.Progress)), rows, columns);
        foreach (Lane lane in _late)
        {
            lane.Progress = DecodeLateAsync(lane, selected, columns);
        }

        Task decoded = Task.WhenAll(_late.Select(lane => lane.Progress));
        return new Stride(this, AssembleAsync(selected, decoded, columns), _rowsBegun == _rows.Count);
    }

    /// <summary>Waits for what runs (which the scan cancels first) and gives everything back.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_early.Concat(_late).Select(lane => lane.Progress))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (LeafFetch fetch in _fetches)
        {
            await fetch.DisposeAsync().ConfigureAwait(false);
        }

        _decoder.Dispose();
    }

    private RowRuns[] NextBatches()
    {
        List<RowRuns> rows = [];
        while (_rowsBegun < _rows.Count && rows.Count < _batchCount)
        {
            RowRuns batch = _rows.Slice(_rowsBegun, _batchRows);
            rows.Add(batch);
            _rowsBegun += batch.Count;
        }

        return [.. rows];
    }

    private async Task FetchFirstWindowsAsync(int leafCount)
    {
        LeafDecoder[] leaves = [.. _decoder.Leaves.Take(leafCount)];
        ByteRange[] ranges = [.. leaves.Select(leaf => new ByteRange(leaf.NextWindow.Offset, leaf.NextWindow.Length))];

        // What was ruled out between the windows of two columns is not read with them.
        int gapBytes = _rows.Count < _decoder.RowGroup.RowCount
            ? _setup.Source.LargestGapBytes
            : ExactReads.UsualGapBytes;
        BufferSlice[] slices = await _setup.Resources.ReadAllAsync(ranges, gapBytes).ConfigureAwait(false);
        for (int leafIndex = 0; leafIndex < slices.Length; leafIndex++)
        {
            leaves[leafIndex].Feed(ranges[leafIndex].Offset, slices[leafIndex]);
        }
    }

    private async Task DecodeEarlyAsync(Lane lane, RowRuns[] rows, LeafColumn[][] columns)
    {
        await lane.Progress.ConfigureAwait(false);
        await DecodeAsync(new LaneProgress(lane.Leaves, rows, columns)).ConfigureAwait(false);
    }

    private async Task DecodeLateAsync(Lane lane, Task<BatchRows[]> selected, LeafColumn[][] columns)
    {
        await lane.Progress.ConfigureAwait(false);
        RowRuns[] rows = [.. (await selected.ConfigureAwait(false)).Select(batch => batch.Late)];
        if (_setup.Filter is not null)
        {
            foreach (int leaf in lane.Leaves)
            {
                WantLate(_decoder.Leaves[leaf], rows);
            }
        }

        await DecodeAsync(new LaneProgress(lane.Leaves, rows, columns)).ConfigureAwait(false);
    }

    private void WantLate(LeafDecoder leaf, RowRuns[] rows)
    {
        if (Interlocked.Read(ref _rowsKept) * DenseShare >= Interlocked.Read(ref _rowsSeen))
        {
            leaf.Want(_rows);
            return;
        }

        foreach (RowRuns batch in rows)
        {
            leaf.Want(batch);
        }
    }

    private async Task DecodeAsync(LaneProgress progress)
    {
        while (!await _setup.Resources.RunAsync(context => Decode(progress, context)).ConfigureAwait(false))
        {
            await _fetches[progress.Leaf].FetchAsync().ConfigureAwait(false);
        }
    }

    // Decodes leaf after leaf until all are done (true) or one needs bytes (false).
    private bool Decode(LaneProgress progress, CodecContext context)
    {
        for (; progress.LeafPosition < progress.Leaves.Length; progress.LeafPosition++, progress.Batch = 0)
        {
            LeafDecoder decoder = _decoder.Leaves[progress.Leaf];
            for (; progress.Batch < progress.Rows.Length; progress.Batch++)
            {
                _setup.Resources.ThrowIfCancelled();
                RowRuns rows = progress.Rows[progress.Batch];
                if (rows.Count == 0)
                {
                    continue;
                }

                if (!decoder.TryDecode(rows, context))
                {
                    return false;
                }

                progress.Columns[progress.Batch][progress.Leaf] = decoder.FinishBatch();
            }
        }

        return true;
    }

    private async Task<BatchRows[]> SelectAsync(Task early, RowRuns[] rows, LeafColumn[][] columns)
    {
        await early.ConfigureAwait(false);
        return _selects
            ? await _setup.Resources.RunAsync(_ => Select(rows, columns)).ConfigureAwait(false)
            : [.. rows.Select(BatchRows.All)];
    }

    private BatchRows[] Select(RowRuns[] rows, LeafColumn[][] columns)
    {
        BatchRows[] selected = new BatchRows[rows.Length];
        for (int batch = 0; batch < rows.Length; batch++)
        {
            Selection kept = _setup.Options.Mask?.Keep(rows[batch], _decoder.RowGroup.FirstRow) ??
                Selection.All((int)rows[batch].Count);
            if (_setup.Filter is RowFilter filter && kept.Count > 0)
            {
                RecordBatch seen = _decoder.AssembleFilter(columns[batch], rows[batch], filter.NeedsPositions);
                kept = filter.Apply(seen, kept);
            }

            selected[batch] = BatchRows.Of(rows[batch], kept);
            Interlocked.Add(ref _rowsSeen, rows[batch].Count);
            Interlocked.Add(ref _rowsKept, kept.Count);
        }

        return selected;
    }

    private async Task<RecordBatch?[]> AssembleAsync(
        Task<BatchRows[]> selected, Task decoded, LeafColumn[][] columns)
    {
        await decoded.ConfigureAwait(false);
        BatchRows[] rows = await selected.ConfigureAwait(false);
        return _selects
            ? await _setup.Resources.RunAsync(_ => Assemble(rows, columns)).ConfigureAwait(false)
            : Assemble(rows, columns);
    }

    private RecordBatch?[] Assemble(BatchRows[] rows, LeafColumn[][] columns)
    {
        RecordBatch?[] batches = new RecordBatch?[rows.Length];
        for (int batchIndex = 0; batchIndex < batches.Length; batchIndex++)
        {
            batches[batchIndex] = rows[batchIndex].Kept.Count == 0
                ? null
                : _decoder.Assemble(columns[batchIndex], rows[batchIndex]);
        }

        return batches;
    }

    // The longest chunk goes to the lane with the fewest bytes so far.
    private Lane[] Deal(int firstLeaf, int leafCount)
    {
        int laneCount = int.Min(leafCount, _setup.Sizing.Lanes);
        List<int>[] lanes = [.. Enumerable.Range(0, laneCount).Select(_ => new List<int>())];
        long[] bytes = new long[laneCount];
        long Size(int leaf) =>
            _decoder.RowGroup.Columns[_setup.Leaves.Leaves[leaf].Leaf.Index].UncompressedSize;
        foreach (int leaf in Enumerable.Range(firstLeaf, leafCount).OrderByDescending(Size))
        {
            int lane = System.Array.IndexOf(bytes, bytes.Min());
            lanes[lane].Add(leaf);
            bytes[lane] += Size(leaf) + 1;
        }

        return [.. lanes.Select(lane => new Lane([.. lane]))];
    }

    /// <summary>Leaves that are decoded one after the other, and the task that will have decoded them so far.</summary>
    private sealed class Lane(int[] leaves)
    {
        public int[] Leaves { get; } = leaves;

        public Task Progress { get; set; } = Task.CompletedTask;
    }

    /// <summary>Where a lane stands in its stride.</summary>
    private sealed class LaneProgress(int[] leaves, RowRuns[] rows, LeafColumn[][] columns)
    {
        public int[] Leaves { get; } = leaves;

        public RowRuns[] Rows { get; } = rows;

        public LeafColumn[][] Columns { get; } = columns;

        public int LeafPosition { get; set; }

        public int Batch { get; set; }

        public int Leaf => Leaves[LeafPosition];
    }
}
