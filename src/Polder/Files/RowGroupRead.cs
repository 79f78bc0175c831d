using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Parquet;
using Polder.Parquet.Compression;
using Polder.Parquet.Read;
using Polder.Storage;

namespace Polder.Files;

/// <summary>
/// One row group being read. Leaves are dealt to lanes; a lane decodes its leaves of one stride after those of the
/// stride before, while other lanes are elsewhere.
/// </summary>
internal sealed class RowGroupRead : IAsyncDisposable
{
    private readonly RowGroupDecoder _decoder;
    private readonly LeafFetch[] _fetches;
    private readonly ScanResources _resources;
    private readonly Task[] _lanes;
    private readonly int[][] _laneLeaves;
    private readonly int _batchRows;
    private readonly int _batchCount;
    private long _rowsLeft;

    /// <summary>Opens the row group and begins to fetch the first window of every leaf.</summary>
    public RowGroupRead(
        ReadPlan plan, RowGroupMetadata rowGroup, ChunkSource source, ScanSizing sizing, ScanResources resources)
    {
        _resources = resources;
        _decoder = new RowGroupDecoder(plan, rowGroup, source);
        _fetches = [.. _decoder.Leaves.Select(leaf => new LeafFetch(leaf, resources.ReadAsync))];
        _rowsLeft = rowGroup.RowCount;
        (_batchRows, _batchCount) = sizing.ForRowGroup(rowGroup);
        _laneLeaves = Deal(plan, rowGroup, sizing.Lanes);
        _lanes = new Task[_laneLeaves.Length];
        System.Array.Fill(_lanes, FetchFirstWindowsAsync());
    }

    /// <summary>Begins to decode the next rows.</summary>
    public Stride BeginStride()
    {
        RowRuns[] rows = NextBatches();
        LeafColumn[][] columns = [.. rows.Select(_ => new LeafColumn[_decoder.Leaves.Count])];
        for (int lane = 0; lane < _lanes.Length; lane++)
        {
            _lanes[lane] = DecodeLaneAsync(_lanes[lane], _laneLeaves[lane], rows, columns);
        }

        return new Stride(this, AssembleAsync(Task.WhenAll(_lanes), rows, columns), _rowsLeft == 0);
    }

    /// <summary>Waits for what runs (which the scan cancels first) and gives everything back.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_lanes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (LeafFetch fetch in _fetches)
        {
            await fetch.DisposeAsync().ConfigureAwait(false);
        }

        _decoder.Dispose();
    }

    private RowRuns[] NextBatches()
    {
        List<RowRuns> rows = [];
        while (_rowsLeft > 0 && rows.Count < _batchCount)
        {
            long start = _decoder.RowGroup.RowCount - _rowsLeft;
            long count = long.Min(_rowsLeft, _batchRows);
            rows.Add(RowRuns.Range(start, start + count));
            _rowsLeft -= count;
        }

        return [.. rows];
    }

    private async Task FetchFirstWindowsAsync()
    {
        IReadOnlyList<LeafDecoder> leaves = _decoder.Leaves;
        ByteRange[] ranges = [.. leaves.Select(leaf => new ByteRange(leaf.NextWindow.Offset, leaf.NextWindow.Length))];
        BufferSlice[] slices = await _resources.ReadAllAsync(ranges).ConfigureAwait(false);
        for (int leafIndex = 0; leafIndex < slices.Length; leafIndex++)
        {
            leaves[leafIndex].Feed(ranges[leafIndex].Offset, slices[leafIndex]);
        }
    }

    private async Task DecodeLaneAsync(Task before, int[] leaves, RowRuns[] rows, LeafColumn[][] columns)
    {
        await before.ConfigureAwait(false);
        LaneProgress progress = new(leaves, rows, columns);
        while (!await _resources.RunAsync(context => Decode(progress, context)).ConfigureAwait(false))
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
                _resources.ThrowIfCancelled();
                if (!decoder.TryDecode(progress.Rows[progress.Batch], context))
                {
                    return false;
                }

                progress.Columns[progress.Batch][progress.Leaf] = decoder.FinishBatch();
            }
        }

        return true;
    }

    private async Task<RecordBatch[]> AssembleAsync(Task lanes, RowRuns[] rows, LeafColumn[][] columns)
    {
        await lanes.ConfigureAwait(false);
        RecordBatch[] batches = new RecordBatch[rows.Length];
        for (int batchIndex = 0; batchIndex < batches.Length; batchIndex++)
        {
            batches[batchIndex] = _decoder.Assemble(columns[batchIndex], (int)rows[batchIndex].Count);
        }

        return batches;
    }

    // The longest chunk goes to the lane with the fewest bytes so far.
    private static int[][] Deal(ReadPlan plan, RowGroupMetadata rowGroup, int laneCount)
    {
        List<int>[] lanes = [.. Enumerable.Range(0, laneCount).Select(_ => new List<int>())];
        long[] bytes = new long[laneCount];
        long Size(int leaf) => rowGroup.Columns[plan.Leaves[leaf].Leaf.Index].UncompressedSize;
        foreach (int leaf in Enumerable.Range(0, plan.Leaves.Count).OrderByDescending(Size))
        {
            int lane = System.Array.IndexOf(bytes, bytes.Min());
            lanes[lane].Add(leaf);
            bytes[lane] += Size(leaf) + 1;
        }

        return [.. lanes.Select(lane => lane.ToArray())];
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
