using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Expressions;
using Polder.Parquet;
using Polder.Parquet.Compression;
using Polder.Parquet.Footer;
using Polder.Parquet.Read;
using Polder.Storage;

namespace Polder.Files;

/// <summary>
/// One read of a file: decodes some strides (a few batches of a row group) ahead of the one that is handed out, leaves
/// side by side, within the engine's parallelism and memory.
/// </summary>
internal sealed class ParquetScan : IAsyncDisposable
{
    private const string ParquetMr = "parquet-mr";
    private const int LongestDictionaryHeader = 100;

    private readonly IReadOnlyList<RowGroupMetadata> _rowGroups;
    private readonly ScanSetup _setup;
    private readonly RowGroupPlanner _planner;
    private readonly ScanResources _resources;
    private readonly Queue<Stride> _strides = new();
    private readonly Queue<RecordBatch> _ready = new();
    private readonly List<RowGroupRead> _open = [];
    private Task<RowGroupRows>? _planned;
    private int _nextRowGroup;
    private RowGroupRead? _current;

    /// <summary>Sets up; nothing is read yet.</summary>
    /// <exception cref="ArgumentException">A column is not in the file.</exception>
    public ParquetScan(
        Engine engine,
        IObjectStore store,
        StorePath path,
        long sizeBytes,
        ParquetFooter footer,
        IReadOnlyList<RowGroupMetadata> rowGroups,
        ParquetReadOptions options)
    {
        _rowGroups = rowGroups;
        RowFilter? filter = options.Filter ?? (options is { FiltersRows: true, Predicate: Expression predicate }
            ? RowFilter.Create(predicate, footer.Schema.ToDataType())
            : null);
        ScanLeaves leaves = new(
            ReadPlan.Create(
                footer.Schema,
                options.Columns,
                options.Variants,
                leaf => FormOf(footer, leaf, options.Strings),
                options.FieldIds,
                options.ChecksText),
            filter is null ? null : ReadPlan.Create(footer.Schema, filter.Columns, options.Variants));
        ScanSizing sizing = new(engine, leaves.Leaves, options);
        ChunkSource source = new(
            sizeBytes, sizing.WindowBytes, TailSlack(footer.CreatedBy), engine.Limits, engine.Allocator);
        _resources = new ScanResources(engine, store, path);
        _setup = new ScanSetup(leaves, filter, options, source, sizing, _resources);
        _planner = new RowGroupPlanner(footer, _setup);
    }

    /// <summary>The next batch, or null after the last one.</summary>
    public async ValueTask<RecordBatch?> NextAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.Register(_resources.Cancel);
        while (true)
        {
            if (_ready.TryDequeue(out RecordBatch? batch))
            {
                return batch;
            }

            while (_strides.Count < _setup.Sizing.StridesAhead &&
                await TryBeginStrideAsync().ConfigureAwait(false))
            {
            }

            if (!_strides.TryDequeue(out Stride? stride))
            {
                return null;
            }

            try
            {
                foreach (RecordBatch? decoded in await stride.Batches.ConfigureAwait(false))
                {
                    if (decoded is not null)
                    {
                        _ready.Enqueue(decoded);
                    }
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }

            if (stride.IsLastOfRowGroup)
            {
                _open.Remove(stride.RowGroup);
                await stride.RowGroup.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>What of a row group would be read.</summary>
    public async Task<RowGroupPruning> ExplainAsync(RowGroupMetadata rowGroup)
    {
        List<SkippedRows> skipped = [];
        RowGroupRows rows = await _planner.PlanAsync(rowGroup, skipped).ConfigureAwait(false);
        string? by = rows.SkippedBy ?? (rows.Rows.Count == rowGroup.RowCount
            ? null
            : _setup.Options.Predicate is null ? "deletion vector" : "page index");
        int pageCount = 0, pagesLeft = 0;
        foreach (OffsetIndex? index in rows.OffsetIndexes ?? [])
        {
            for (int page = 0; page < (index?.Pages.Length ?? 0); page++)
            {
                pageCount++;
                pagesLeft += rows.Rows.Touches(
                    index!.Pages.Span[page].FirstRow, index.EndRow(page, rowGroup.RowCount)) ? 1 : 0;
            }
        }

        return new RowGroupPruning(rowGroup.Index, rowGroup.RowCount, rows.Rows.Count, by, null)
        {
            PageCount = pageCount == 0 ? -1 : pageCount,
            PagesLeft = pageCount == 0 ? -1 : pagesLeft,
            Left = rows.Rows,
            Skipped = skipped,
        };
    }

    /// <summary>Stops what runs, waits for it and gives everything back.</summary>
    public async ValueTask DisposeAsync()
    {
        _resources.Cancel();
        foreach (RowGroupRead rowGroup in _open)
        {
            await rowGroup.DisposeAsync().ConfigureAwait(false);
        }

        await ((Task?)_planned ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (Stride stride in _strides)
        {
            await ((Task)stride.Batches).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _open.Clear();
        _resources.Dispose();
    }

    private async ValueTask<bool> TryBeginStrideAsync()
    {
        while (_current is null)
        {
            _planned ??= PlanNext();
            if (_planned is null || (_strides.Count > 0 && !_planned.IsCompleted))
            {
                return false;
            }

            Task<RowGroupRows> planned = _planned;
            RowGroupRows rows = await planned.ConfigureAwait(false);
            _planned = PlanNext();
            if (rows.Rows.Count > 0)
            {
                _current = new RowGroupRead(rows, _setup);
                _open.Add(_current);
            }
        }

        Stride stride = _current.BeginStride();
        _strides.Enqueue(stride);
        if (stride.IsLastOfRowGroup)
        {
            _current = null;
        }

        return true;
    }

    private Task<RowGroupRows>? PlanNext() =>
        _nextRowGroup < _rowGroups.Count ? _planner.PlanAsync(_rowGroups[_nextRowGroup++]) : null;

    /// <summary>The form of a column's strings: a dictionary only where every chunk begins with one.</summary>
    public static StringForm FormOf(ParquetFooter footer, ParquetLeaf leaf, StringForm wanted)
    {
        if (wanted == StringForm.Dictionary)
        {
            foreach (RowGroupMetadata rowGroup in footer.RowGroups)
            {
                // Not all writers say where the dictionary stands.
                if (rowGroup.RowCount > 0 && !rowGroup.Columns[leaf.Index].Encodings.Any(IsDictionary))
                {
                    return StringForm.Offsets;
                }
            }
        }

        return wanted;
    }

    private static bool IsDictionary(ParquetEncoding encoding) =>
        encoding is ParquetEncoding.PlainDictionary or ParquetEncoding.RleDictionary;

    // PARQUET-816: parquet-mr before 1.2.9 left the dictionary page's header out of a chunk's length.
    private static int TailSlack(string? createdBy)
    {
        if (createdBy is null || !createdBy.StartsWith(ParquetMr, StringComparison.Ordinal))
        {
            return 0;
        }

        string version = createdBy[ParquetMr.Length..].Replace(" version ", "", StringComparison.Ordinal);
        string[] parts = version.Split('.', ' ', '-');
        bool isKnown = parts.Length > 2 && int.TryParse(parts[0], out _);
        bool isOld = isKnown && parts[0] == "1" && int.TryParse(parts[1], out int minor) &&
            int.TryParse(parts[2], out int patch) && (minor < 2 || (minor == 2 && patch < 9));
        return isKnown && !isOld ? 0 : LongestDictionaryHeader;
    }
}

/// <summary>A few batches of one row group, being decoded.</summary>
/// <param name="RowGroup">The row group.</param>
/// <param name="Batches">The batches when all leaves are decoded; null for those without rows.</param>
/// <param name="IsLastOfRowGroup">Whether the row group is read out with them.</param>
internal sealed record Stride(RowGroupRead RowGroup, Task<RecordBatch?[]> Batches, bool IsLastOfRowGroup);

/// <summary>What the row groups of one read have in common.</summary>
/// <param name="Leaves">What is decoded.</param>
/// <param name="Filter">Which rows come out; null = all that are decoded.</param>
/// <param name="Options">What was asked for.</param>
/// <param name="Source">How bytes come.</param>
/// <param name="Sizing">How memory is shared out.</param>
/// <param name="Resources">What tasks share.</param>
internal sealed record ScanSetup(
    ScanLeaves Leaves,
    RowFilter? Filter,
    ParquetReadOptions Options,
    ChunkSource Source,
    ScanSizing Sizing,
    ScanResources Resources);

/// <summary>What all tasks of one read share.</summary>
internal sealed class ScanResources : IDisposable
{
    private readonly ConcurrentBag<CodecContext> _contexts = [];
    private readonly CancellationTokenSource _cancellation = new();
    private readonly SemaphoreSlim _slots;
    private readonly IObjectStore _store;
    private readonly StorePath _path;
    private readonly Engine _engine;

    public ScanResources(Engine engine, IObjectStore store, StorePath path)
    {
        _engine = engine;
        _store = store;
        _path = path;
        _slots = new SemaphoreSlim(engine.Parallelism);
    }

    /// <summary>Stops all tasks at their next step.</summary>
    public void Cancel() => _cancellation.Cancel();

    /// <summary>Throws where the read was cancelled.</summary>
    public void ThrowIfCancelled() => _cancellation.Token.ThrowIfCancellationRequested();

    /// <summary>Reads a range of the file.</summary>
    public Task<BufferSlice> ReadAsync(ByteRange range)
    {
        _engine.Shared<Telemetry>().CountBytes(_store.Root, range.Length);
        return ExactReads.ReadAsync(_store, _path, range, _engine.Allocator, _cancellation.Token).AsTask();
    }

    /// <summary>Reads several ranges of the file.</summary>
    public ValueTask<BufferSlice[]> ReadAllAsync(IReadOnlyList<ByteRange> ranges, int largestGapBytes)
    {
        long sizeBytes = 0;
        foreach (ByteRange range in ranges)
        {
            sizeBytes += range.Length;
        }

        _engine.Shared<Telemetry>().CountBytes(_store.Root, sizeBytes);
        return ExactReads.ReadAllAsync(
            _store, _path, ranges, largestGapBytes, _engine.Allocator, _cancellation.Token);
    }

    /// <summary>Runs a decoding job on the engine's scheduler, within its parallelism.</summary>
    public async Task<T> RunAsync<T>(Func<CodecContext, T> job)
    {
        await _slots.WaitAsync(_cancellation.Token).ConfigureAwait(false);
        CodecContext context = _contexts.TryTake(out CodecContext? kept) ? kept : new CodecContext();
        try
        {
            return await _engine.RunAsync(() => job(context), _cancellation.Token).ConfigureAwait(false);
        }
        finally
        {
            _contexts.Add(context);
            _slots.Release();
        }
    }

    /// <summary>Gives the codecs' memory back; no task may run any more.</summary>
    public void Dispose()
    {
        while (_contexts.TryTake(out CodecContext? context))
        {
            context.Dispose();
        }

        _slots.Dispose();
        _cancellation.Dispose();
    }
}
