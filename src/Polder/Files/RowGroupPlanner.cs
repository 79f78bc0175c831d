using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Expressions;
using Polder.Parquet;
using Polder.Parquet.Footer;
using Polder.Parquet.Read;
using Polder.Storage;

namespace Polder.Files;

/// <summary>
/// Finds out which rows of a row group are worth reading, and where their pages stand: from the rows that are left out
/// anyway, bloom filters, the page index, dictionaries.
/// </summary>
internal sealed class RowGroupPlanner
{
    private const int GuessedBloomBytes = 4 << 10;

    /// <summary>A dictionary that is more than this part of what it may save is not looked at.</summary>
    private const int DictionaryShare = 4;

    private readonly ParquetFooter _footer;
    private readonly ScanSetup _setup;
    private readonly Expression? _predicate;
    private readonly int[] _predicateLeaves;

    public RowGroupPlanner(ParquetFooter footer, ScanSetup setup)
    {
        _footer = footer;
        _setup = setup;
        _predicate = setup.Options.Predicate is Expression predicate
            ? TypedPredicates.Rewrite(predicate, footer, setup.Options.Variants)
            : null;
        _predicateLeaves = _predicate is null ? [] : FindLeaves(_predicate);
    }

    /// <summary>The rows of a row group that are worth reading.</summary>
    /// <param name="rowGroup">The row group.</param>
    /// <param name="skipped">Takes the rows that the page index leaves out; null = nobody asks.</param>
    /// <exception cref="CorruptFileException">The file ends inside its page index.</exception>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task<RowGroupRows> PlanAsync(RowGroupMetadata rowGroup, List<SkippedRows>? skipped = null)
    {
        RowRuns rows = RowRuns.Range(0, rowGroup.RowCount);
        if (_setup.Options.Mask is RowMask mask)
        {
            rows = mask.Cover(rowGroup.FirstRow, rowGroup.RowCount);
        }

        if (rows.Count == 0)
        {
            return RowGroupRows.Skipped(rowGroup, "deletion vector");
        }

        if (SizeOf(rowGroup) < _setup.Options.SmallestIndexedBytes)
        {
            return new RowGroupRows(rowGroup, rows, null);
        }

        Dictionary<int, PageIndexes> indexes = [];
        if (_setup.Options.Predicate is Expression predicate)
        {
            if (await IsRuledOutByBloomsAsync(predicate, rowGroup).ConfigureAwait(false))
            {
                return RowGroupRows.Skipped(rowGroup, "bloom filter");
            }

            indexes = await ReadIndexesAsync(rowGroup).ConfigureAwait(false);
            rows = indexes.Count == 0 ? rows : rows.And(PageStats.Prune(
                _predicate!, _footer, rowGroup, indexes, _setup.Options.IsSessionUtc, skipped));
            if (rows.Count == 0)
            {
                return RowGroupRows.Skipped(rowGroup, "page index");
            }

            if (await IsRuledOutByDictionaryAsync(predicate, rowGroup).ConfigureAwait(false))
            {
                return RowGroupRows.Skipped(rowGroup, "dictionary");
            }
        }

        bool knowsPages = rows.Count < rowGroup.RowCount || _setup.Filter is not null;
        return new RowGroupRows(
            rowGroup, rows, knowsPages ? await ReadOffsetsAsync(rowGroup, indexes).ConfigureAwait(false) : null);
    }

    private async ValueTask<bool> IsRuledOutByBloomsAsync(Expression predicate, RowGroupMetadata rowGroup)
    {
        ColumnChunkMetadata[] chunks = [.. _predicateLeaves
            .Select(leaf => rowGroup.Columns[leaf])
            .Where(chunk => chunk.BloomFilter.Offset > 0 && IsThere(WithLength(chunk.BloomFilter)))];
        if (chunks.Length == 0 || !HasEquality(predicate))
        {
            return false;
        }

        byte[][] parts = await ReadAsync([.. chunks.Select(chunk => ToRange(WithLength(chunk.BloomFilter)))])
            .ConfigureAwait(false);
        Dictionary<int, BloomFilter> blooms = [];
        for (int chunk = 0; chunk < chunks.Length; chunk++)
        {
            if (await ReadBloomAsync(parts[chunk], chunks[chunk].BloomFilter.Offset).ConfigureAwait(false)
                is BloomFilter bloom)
            {
                blooms[chunks[chunk].Leaf.Index] = bloom;
            }
        }

        RowGroupStats stats = new(_footer, rowGroup, blooms);
        return StatsPruner.Prune(predicate, stats, _setup.Options.IsSessionUtc) == PruneResult.Skip;
    }

    // Where the footer does not say how long a filter is, its header does.
    private async ValueTask<BloomFilter?> ReadBloomAsync(byte[] bytes, long offset)
    {
        for (int round = 0; round < 2; round++)
        {
            int needed = 0;
            BloomFilter? bloom = Decode(
                bytes, offset, (part, at) => BloomFilter.TryDecode(part.Span, _setup.Source.Limits, at, out needed));
            if (bloom is not null || needed <= bytes.Length || !IsThere((offset, needed)))
            {
                return bloom;
            }

            bytes = (await ReadAsync([new ByteRange(offset, needed)]).ConfigureAwait(false))[0];
        }

        return null;
    }

    private (long Offset, int Length) WithLength((long Offset, int Length) place) =>
        (place.Offset, place.Length > 0
            ? place.Length
            : (int)long.Clamp(_setup.Source.FileSizeBytes - place.Offset, 0, GuessedBloomBytes));

    private static bool HasEquality(Expression expression) =>
        expression is Call { Function: Function.Equal or Function.In } || expression.Children.Any(HasEquality);

    private async ValueTask<bool> IsRuledOutByDictionaryAsync(Expression predicate, RowGroupMetadata rowGroup)
    {
        foreach (DictionaryPruning pruning in DictionaryPruning.Find(predicate, _footer, rowGroup))
        {
            if (!IsThere((pruning.Range.Offset, pruning.Range.Length)) ||
                pruning.Range.Length > SizeOf(rowGroup) / DictionaryShare)
            {
                continue;
            }

            byte[][] parts = await ReadAsync([new ByteRange(pruning.Range.Offset, pruning.Range.Length)])
                .ConfigureAwait(false);
            if (await _setup.Resources.RunAsync(context => pruning.RulesOut(
                parts[0], _setup.Source.Limits, _setup.Source.Allocator, context)).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private long SizeOf(RowGroupMetadata rowGroup) =>
        _setup.Leaves.Leaves.Sum(leaf => rowGroup.Columns[leaf.Leaf.Index].CompressedSize);

    private int[] FindLeaves(Expression predicate)
    {
        HashSet<int> leaves = [];
        foreach (Expression column in StatsPruner.ColumnsOf(predicate))
        {
            ParquetField? field = RowGroupStats.Find(_footer.Schema, StatsPruner.PathOf(column)!);
            if (field?.Leaf is ParquetLeaf leaf)
            {
                leaves.Add(leaf.Index);
            }
        }

        return [.. leaves];
    }

    private async ValueTask<Dictionary<int, PageIndexes>> ReadIndexesAsync(RowGroupMetadata rowGroup)
    {
        ColumnChunkMetadata[] chunks = [.. _predicateLeaves
            .Select(leaf => rowGroup.Columns[leaf])
            .Where(chunk => IsThere(chunk.ColumnIndex) && IsThere(chunk.OffsetIndex))];
        ByteRange[] ranges =
        [
            .. chunks.Select(chunk => ToRange(chunk.ColumnIndex)),
            .. chunks.Select(chunk => ToRange(chunk.OffsetIndex)),
        ];
        byte[][] parts = await ReadAsync(ranges).ConfigureAwait(false);
        Dictionary<int, PageIndexes> indexes = [];
        for (int chunk = 0; chunk < chunks.Length; chunk++)
        {
            ColumnIndex? columns = Decode(
                parts[chunk],
                chunks[chunk].ColumnIndex.Offset,
                (bytes, at) => ColumnIndex.Decode(bytes, _setup.Source.Limits, at));
            OffsetIndex? offsets = DecodeOffsets(parts[chunks.Length + chunk], chunks[chunk], rowGroup);
            if (columns is not null && offsets is not null && columns.NullPages.Length == offsets.Pages.Length)
            {
                indexes[chunks[chunk].Leaf.Index] = new PageIndexes(columns, offsets);
            }
        }

        return indexes;
    }

    private async ValueTask<OffsetIndex?[]> ReadOffsetsAsync(
        RowGroupMetadata rowGroup, Dictionary<int, PageIndexes> known)
    {
        OffsetIndex?[] offsets = [.. _setup.Leaves.Leaves.Select(
            leaf => known.TryGetValue(leaf.Leaf.Index, out PageIndexes? index) ? index.Offsets : null)];
        ColumnChunkMetadata[] chunks = [.. _setup.Leaves.Leaves.Select(leaf => rowGroup.Columns[leaf.Leaf.Index])];
        int[] missing = [.. Enumerable.Range(0, offsets.Length)
            .Where(leaf => offsets[leaf] is null && IsThere(chunks[leaf].OffsetIndex))];
        byte[][] parts = await ReadAsync([.. missing.Select(leaf => ToRange(chunks[leaf].OffsetIndex))])
            .ConfigureAwait(false);
        for (int part = 0; part < parts.Length; part++)
        {
            offsets[missing[part]] = DecodeOffsets(parts[part], chunks[missing[part]], rowGroup);
        }

        return offsets;
    }

    private OffsetIndex? DecodeOffsets(byte[] bytes, ColumnChunkMetadata chunk, RowGroupMetadata rowGroup)
    {
        OffsetIndex? offsets = Decode(
            bytes, chunk.OffsetIndex.Offset, (part, at) => OffsetIndex.Decode(part.Span, _setup.Source.Limits, at));
        return offsets?.Fits(chunk.StartOffset, _setup.Source.FileSizeBytes, rowGroup.RowCount) == true
            ? offsets
            : null;
    }

    // A page index only ever saves work: one that cannot be read is as good as none.
    private static T? Decode<T>(byte[] bytes, long offset, Func<ReadOnlyMemory<byte>, long, T?> decode)
        where T : class
    {
        try
        {
            return decode(bytes, offset);
        }
        catch (CorruptFileException)
        {
            return null;
        }
    }

    private async ValueTask<byte[][]> ReadAsync(ByteRange[] ranges)
    {
        if (ranges.Length == 0)
        {
            return [];
        }

        BufferSlice[] slices = await _setup.Resources
            .ReadAllAsync(ranges, ExactReads.UsualGapBytes).ConfigureAwait(false);
        byte[][] parts = new byte[slices.Length][];
        for (int index = 0; index < slices.Length; index++)
        {
            parts[index] = slices[index].Span.ToArray();
            slices[index].Dispose();
        }

        return parts;
    }

    private bool IsThere((long Offset, int Length) place) =>
        place.Length > 0 && place.Length <= _setup.Source.Limits.FooterBytes &&
        place.Offset <= _setup.Source.FileSizeBytes - place.Length;

    private static ByteRange ToRange((long Offset, int Length) place) => new(place.Offset, place.Length);
}
