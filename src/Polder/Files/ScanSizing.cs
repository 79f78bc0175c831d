using System.Collections.Generic;
using Polder.Parquet;
using Polder.Parquet.Read;

namespace Polder.Files;

/// <summary>How a read's memory is shared out: windows, batches, batches at a time.</summary>
internal sealed class ScanSizing
{
    private const int SmallestWindowBytes = 64 << 10;
    private const int LargestWindowBytes = 4 << 20;
    private const int WindowsPerLeaf = 3;
    private const int RowGroupsOpen = 2;
    private const int LargestStrideRows = 64 << 10;

    // Enough that starting it costs nothing beside decoding it, and little enough that a collection of generation 0
    // finds few results still under way: what it finds it copies.
    private const int StrideBytes = 1 << 20;

    private readonly IReadOnlyList<LeafPlan> _leaves;
    private readonly long _budget;
    private readonly ParquetReadOptions _options;

    public ScanSizing(Engine engine, IReadOnlyList<LeafPlan> leaves, ParquetReadOptions options)
    {
        _leaves = leaves;
        _options = options;
        _budget = engine.Limits.ScanMemory;
        int leafCount = int.Max(1, leaves.Count);
        Lanes = int.Min(leafCount, engine.Parallelism);
        StridesAhead = engine.Parallelism > Lanes ? 1 + engine.Parallelism : 2;

        // Half of the budget is for what is fetched, half for what is decoded.
        long window = _budget / 2 / ((long)leafCount * WindowsPerLeaf * RowGroupsOpen);
        WindowBytes = (int)long.Clamp(window, SmallestWindowBytes, LargestWindowBytes);
    }

    /// <summary>Bytes of a chunk fetched at a time.</summary>
    public int WindowBytes { get; }

    /// <summary>Groups of leaves decoded side by side.</summary>
    public int Lanes { get; }

    /// <summary>Strides under way at once.</summary>
    public int StridesAhead { get; }

    /// <summary>Rows of a batch, and batches of a stride.</summary>
    public (int BatchRows, int BatchCount) ForRowGroup(RowGroupMetadata rowGroup)
    {
        int batchRows = BatchSizing.BatchRows(_leaves, rowGroup, _options.BatchRows, _options.BatchBytes);
        long batchBytes = BatchSizing.RowBytes(_leaves, rowGroup) * batchRows;
        long fitting = long.Min(StrideBytes, _budget / 2 / (StridesAhead + 1)) / long.Max(1, batchBytes);
        return (batchRows, (int)long.Clamp(fitting, 1, int.Max(1, LargestStrideRows / batchRows)));
    }
}
