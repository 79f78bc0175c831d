using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Parquet.Format;
using Polder.Parquet.Levels;

namespace Polder.Parquet.Write;

/// <summary>
/// Encodes one leaf, batch after batch, row group after row group: cuts pages, keeps them encoded and compressed, and
/// gathers statistics in the same pass. One thread at a time; different leaves are independent.
/// </summary>
internal abstract class LeafEncoder : IDisposable
{
    private readonly BufferAllocator _allocator;
    private readonly PageLevels _levels;
    private readonly Dictionary<ParquetEncoding, int> _pageCounts = [];
    private ChunkBuffer _pages;
    private PageIndexBuilder? _pageIndex;
    private int _pageRows;
    private long _pageCost;
    private long _flushedRows;
    private long _slotCount;
    private long _valueCount;
    private long _columnNullCount;

    protected LeafEncoder(LeafPath path, ParquetWriteOptions options, BufferAllocator allocator)
    {
        Path = path;
        Options = options;
        _allocator = allocator;
        _levels = new PageLevels(path);
        _pages = new ChunkBuffer(allocator);
        _pageIndex = options.PageIndex ? new PageIndexBuilder() : null;
        Bloom = options.BloomFilterColumns.Contains(path.Leaf.ToString()) ? new BloomBuilder() : null;
    }

    /// <summary>The way to the leaf.</summary>
    public LeafPath Path { get; }

    /// <summary>Bytes held for the current row group.</summary>
    public long BufferedBytes => _pages.SizeBytes + PendingBytes;

    protected ParquetWriteOptions Options { get; }

    /// <summary>Where values go for the bloom filter; null where none is wanted.</summary>
    protected BloomBuilder? Bloom { get; }

    /// <summary>Whether the leaf's values are such that a bloom filter is of them.</summary>
    protected virtual bool HasBloom => false;

    /// <summary>Bytes of the page being filled, and of a dictionary.</summary>
    protected abstract long PendingBytes { get; }

    /// <summary>Appends a batch's column.</summary>
    /// <exception cref="ArgumentException">A field that is not nullable holds a null.</exception>
    public void Append(RecordBatch batch, EncodeContext context)
    {
        LeafSlots slots = context.Shredder.Shred(Path, batch.Column(Path.ColumnIndex).Data);
        CountColumnNulls(slots);
        Load(slots, context);
        Cursor at = default;
        while (at.Row < slots.RowCount)
        {
            int rowCount = int.Min(Options.RowsPerPage - _pageRows, slots.RowCount - at.Row);
            Piece piece = Measure(slots, at, rowCount);
            while (piece.Cost > Options.PageBytes - _pageCost && rowCount > 1)
            {
                rowCount >>= 1;
                piece = Measure(slots, at, rowCount);
            }

            if (_pageRows > 0 && piece.Cost > Options.PageBytes - _pageCost)
            {
                FlushPage(context);
            }
            else if (!TryAppendValues(slots, at.Value, piece.ValueCount, context))
            {
                // The dictionary is full: what it holds becomes a page, and the same rows are tried again without it.
                FlushPage(context);
                GiveDictionaryUp();
            }
            else
            {
                Accept(slots, at, piece, context);
                at = new Cursor(at.Row + rowCount, at.Slot + piece.SlotCount, at.Value + piece.ValueCount);
            }
        }
    }

    /// <summary>Ends the row group. The caller owns the chunk.</summary>
    public EncodedChunk Finish(EncodeContext context)
    {
        FlushPage(context, isLastPage: true);
        ChunkBuffer? dictionary = FinishDictionary(context);
        EncodedChunk chunk = new()
        {
            Leaf = Path.Leaf,
            Dictionary = dictionary,
            Pages = _pages,
            ValueCount = _slotCount,
            Encodings = ListEncodings(dictionary is not null),
            EncodingCounts = CountEncodings(dictionary is not null),
            Statistics = FinishStatistics(_slotCount - _valueCount),
            Sizes = new ChunkSizes
            {
                UnencodedBytes = FinishUnencodedBytes(),
                RepetitionLevels = CopyCounts(_levels.RepetitionCounts),
                DefinitionLevels = CopyCounts(_levels.DefinitionCounts),
            },
            PageIndex = _pageIndex,
            Bloom = HasBloom ? Bloom?.Finish() : null,
        };
        _pages = new ChunkBuffer(_allocator);
        _pageIndex = Options.PageIndex ? new PageIndexBuilder() : null;
        _levels.ResetCounts();
        _pageCounts.Clear();
        _flushedRows = _slotCount = _valueCount = 0;
        return chunk;
    }

    /// <summary>What all row groups told of the leaf's column; null where another leaf speaks for it.</summary>
    public ColumnStatistics? Describe()
    {
        if (!Path.SpeaksForColumn)
        {
            return null;
        }

        ColumnBoundValues bounds = Path.Column.Leaf is null ? default : FileBounds();
        return new ColumnStatistics
        {
            Names = Path.ColumnNames,
            Type = Path.Column.Type,
            NullCount = _columnNullCount,
            Minimum = bounds.Minimum,
            Maximum = bounds.Maximum,
            IsMinimumCut = bounds.IsMinimumCut,
            IsMaximumCut = bounds.IsMaximumCut,
            NaNCount = bounds.NaNCount,
        };
    }

    /// <summary>The order of two bounds in the form of the file.</summary>
    public abstract int CompareBounds(byte[] left, byte[] right);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _pages.Dispose();

    /// <summary>Makes a batch's values ready to be appended.</summary>
    protected abstract void Load(LeafSlots slots, EncodeContext context);

    /// <summary>About how many bytes a run of values adds to a page, never less.</summary>
    protected abstract long CostOf(LeafSlots slots, int start, int count);

    /// <summary>Appends values to the page; false, and nothing appended, when the dictionary is full.</summary>
    protected abstract bool TryAppendValues(LeafSlots slots, int start, int count, EncodeContext context);

    /// <summary>Appends the page's values to its body and starts a new page.</summary>
    protected abstract ParquetEncoding EncodeValues(BufferBuilder body, bool isLastPage);

    /// <summary>Takes the page's bounds, which then count for the chunk.</summary>
    protected abstract PageBounds TakePageBounds(out long unencodedBytes);

    /// <summary>The chunk's statistics; starts anew.</summary>
    protected abstract ChunkStatistics FinishStatistics(long nullCount);

    /// <summary>Bytes of the chunk's byte arrays, -1 for other types; starts anew.</summary>
    protected virtual long FinishUnencodedBytes() => -1;

    /// <summary>Bounds over all row groups.</summary>
    protected abstract ColumnBoundValues FileBounds();

    /// <summary>Values are stored plain from here to the end of the chunk.</summary>
    protected virtual void GiveDictionaryUp() => throw new InvalidOperationException("there is no dictionary");

    /// <summary>The number of entries of the dictionary, written as a page's body; 0 where there is none.</summary>
    protected virtual int EncodeDictionary(BufferBuilder body) => 0;

    private Piece Measure(LeafSlots slots, Cursor at, int rowCount)
    {
        int slotEnd = slots.IsRepeated ? slots.RowStarts[at.Row + rowCount] : at.Row + rowCount;
        int slotCount = slotEnd - at.Slot;
        int valueCount = _levels.CountValues(slots, at.Slot, slotCount);
        return new Piece(rowCount, slotCount, valueCount, CostOf(slots, at.Value, valueCount));
    }

    private void Accept(LeafSlots slots, Cursor at, Piece piece, EncodeContext context)
    {
        _levels.Append(slots, at.Slot, piece.SlotCount, piece.ValueCount);
        _pageRows += piece.RowCount;
        _pageCost += piece.Cost;
        if (_pageRows >= Options.RowsPerPage || _pageCost >= Options.PageBytes)
        {
            FlushPage(context);
        }
    }

    private void FlushPage(EncodeContext context, bool isLastPage = false)
    {
        if (_pageRows == 0)
        {
            return;
        }

        int slotCount = _levels.SlotCount;
        int valueCount = _levels.ValueCount;
        context.Body.Clear();
        _levels.Encode(context.Body);
        PageBounds bounds = TakePageBounds(out long unencodedBytes);
        ParquetEncoding encoding = EncodeValues(context.Body, isLastPage);
        PageHeader header = new()
        {
            Type = PageType.DataPage,
            UncompressedSize = 0,
            CompressedSize = 0,
            ValueCount = slotCount,
            Encoding = encoding,
        };
        PagePlace place = _pages.Append(header, context, Options);
        _pageIndex?.Add(place, _flushedRows, valueCount, slotCount - valueCount, bounds, unencodedBytes);
        _pageCounts[encoding] = _pageCounts.GetValueOrDefault(encoding) + 1;
        _flushedRows += _pageRows;
        _slotCount += slotCount;
        _valueCount += valueCount;
        _pageRows = 0;
        _pageCost = 0;
    }

    private ChunkBuffer? FinishDictionary(EncodeContext context)
    {
        context.Body.Clear();
        int entryCount = EncodeDictionary(context.Body);
        if (!_pageCounts.ContainsKey(ParquetEncoding.RleDictionary))
        {
            return null;
        }

        ChunkBuffer dictionary = new(_allocator);
        PageHeader header = new()
        {
            Type = PageType.DictionaryPage,
            UncompressedSize = 0,
            CompressedSize = 0,
            ValueCount = entryCount,
            Encoding = ParquetEncoding.Plain,
        };
        dictionary.Append(header, context, Options);
        return dictionary;
    }

    private List<ParquetEncoding> ListEncodings(bool hasDictionary)
    {
        List<ParquetEncoding> encodings = [ParquetEncoding.Rle];
        if (hasDictionary || _pageCounts.ContainsKey(ParquetEncoding.Plain))
        {
            encodings.Insert(0, ParquetEncoding.Plain);
        }

        if (hasDictionary)
        {
            encodings.Add(ParquetEncoding.RleDictionary);
        }

        return encodings;
    }

    private List<PageEncodingCount> CountEncodings(bool hasDictionary)
    {
        List<PageEncodingCount> counts = [];
        if (hasDictionary)
        {
            counts.Add(new PageEncodingCount(PageType.DictionaryPage, ParquetEncoding.Plain, 1));
        }

        foreach ((ParquetEncoding encoding, int count) in _pageCounts)
        {
            counts.Add(new PageEncodingCount(PageType.DataPage, encoding, count));
        }

        return counts;
    }

    // A single level says nothing that the count of slots does not say.
    private static long[] CopyCounts(long[] counts) => counts.Length > 1 ? counts.AsSpan().ToArray() : [];

    private void CountColumnNulls(LeafSlots slots)
    {
        if (!slots.HasLevels)
        {
            _columnNullCount += slots.RowCount - slots.ValueCount;
            return;
        }

        // A null column is one slot below its level, whatever stands under it.
        for (int level = 0; level < Path.Column.DefinitionLevel; level++)
        {
            _columnNullCount += slots.DefinitionLevels.Count((byte)level);
        }
    }

    private readonly record struct Cursor(int Row, int Slot, int Value);

    private readonly record struct Piece(int RowCount, int SlotCount, int ValueCount, long Cost);
}

/// <summary>Bounds of a column over a whole file, as literals.</summary>
internal readonly record struct ColumnBoundValues(
    object? Minimum, object? Maximum, bool IsMinimumCut, bool IsMaximumCut, long NaNCount);
