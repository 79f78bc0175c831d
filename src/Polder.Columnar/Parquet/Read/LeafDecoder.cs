using System;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Parquet.Compression;
using Polder.Parquet.Footer;
using Polder.Parquet.Levels;
using Polder.Parquet.Pages;
using Polder.Parquet.Values;

namespace Polder.Parquet.Read;

/// <summary>
/// Decodes one leaf of one row group, batch after batch. Does no I/O: where bytes are missing it says which, and goes
/// on when fed. One thread at a time.
/// </summary>
internal abstract class LeafDecoder : IDisposable
{
    private readonly PageReader _pages;
    private readonly SpareDecoders _spares;
    private readonly int _rowGroupIndex;
    private bool _isDisposed;
    private bool _hasBatch;
    private bool _hasDataPage;
    private bool _hasDictionary;

    /// <summary>Makes a decoder.</summary>
    protected LeafDecoder(
        LeafPlan leaf, RowGroupMetadata rowGroup, PageReader pages, SpareDecoders spares)
    {
        Leaf = leaf;
        TotalRows = rowGroup.RowCount;
        _rowGroupIndex = rowGroup.Index;
        _pages = pages;
        _spares = spares;
        Values = spares.Take(leaf);
        Values.MostRepeatedBytes = pages.Limits.RepeatedBytes;
        Values.BeginChunk();
    }

    /// <summary>The bytes to feed after <see cref="TryDecode"/> returned false.</summary>
    public FileRange Needed => _pages.Needed;

    /// <summary>The window after the bytes fed so far; of no length at the chunk's end.</summary>
    public FileRange NextWindow => _pages.NextWindow;

    /// <summary>What is decoded.</summary>
    protected LeafPlan Leaf { get; }

    /// <summary>What the chunk may ask for.</summary>
    protected Limits Limits => _pages.Limits;

    /// <summary>Where values go.</summary>
    protected ValueDecoder Values { get; }

    /// <summary>The rows of the batch.</summary>
    protected RowRuns Rows { get; private set; } = RowRuns.None;

    /// <summary>How many <see cref="Rows"/> are.</summary>
    protected int RowCount { get; private set; }

    /// <summary>The run of <see cref="Rows"/> that is being decoded.</summary>
    protected int Run { get; set; }

    /// <summary>Whether pages are found by an index, and not one after the other.</summary>
    protected bool IsIndexed => _pages.IsIndexed;

    /// <summary>Rows of the row group.</summary>
    protected long TotalRows { get; }

    /// <summary>Entries of the page not yet decoded.</summary>
    protected int EntriesLeft { get; set; }

    /// <summary>The bytes of the page that levels are decoded from.</summary>
    protected ReadOnlyMemory<byte> Page { get; private set; }

    /// <summary>The decoder of a leaf of a row group.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="rowGroup">The row group.</param>
    /// <param name="source">How its bytes come.</param>
    /// <param name="index">
    /// Where the chunk's pages stand, of which only those are fetched that <see cref="Want"/> asks for; null = all
    /// pages, one after the other.
    /// </param>
    /// <exception cref="CorruptFileException">The chunk does not lie in the file, or its counts contradict.</exception>
    public static LeafDecoder Create(
        LeafPlan leaf, RowGroupMetadata rowGroup, ChunkSource source, OffsetIndex? index)
    {
        ColumnChunkMetadata chunk = rowGroup.Columns[leaf.Leaf.Index];
        long start = chunk.StartOffset, end = source.EndOf(chunk);
        if (index?.Fits(start, end, rowGroup.RowCount) == false)
        {
            index = null;
        }

        // A flat chunk has as many values as the group has rows, whatever it says itself (DuckDB once said 0).
        bool isFlat = leaf.Leaf.MaxRepetitionLevel == 0;
        int nullLevel = NullLevels.Find(chunk, rowGroup.RowCount);
        if (nullLevel >= 0)
        {
            index = null;
            end = start;
        }

        PageOrder order = index is null
            ? new PageOrder(isFlat ? rowGroup.RowCount : chunk.ValueCount, isFlat)
            : new PageOrder(index, rowGroup.RowCount, isFlat);
        ChunkWindows windows = new(
            start, index?.Pages.Span[0].Offset ?? end, source.WindowBytes, source.LargestGapBytes, source.Allocator);
        PageReader pages = new(chunk, order, windows, source.Limits, source.Allocator);
        return isFlat
            ? new FlatLeafDecoder(leaf, rowGroup, pages, source.Spares, nullLevel)
            : new NestedLeafDecoder(leaf, rowGroup, pages, source.Spares);
    }

    /// <summary>
    /// Lets the pages be fetched that hold some rows, none before those of the call before. Rows must be wanted before
    /// they are decoded.
    /// </summary>
    public void Want(RowRuns rows) => _pages.Want(rows);

    /// <summary>Takes the bytes asked for, which stand at an offset of the file. Consumes the slice.</summary>
    public void Feed(long offset, BufferSlice slice) => _pages.Feed(offset, slice);

    /// <summary>Decodes rows, as far as bytes are at hand.</summary>
    /// <param name="rows">
    /// Rows of the batch, none before those of the batch before; the same until it is finished.
    /// </param>
    /// <param name="context">What codecs keep.</param>
    /// <returns>Whether the batch is whole; if not, feed <see cref="Needed"/> and call again.</returns>
    /// <exception cref="CorruptFileException">The chunk is damaged.</exception>
    /// <exception cref="UnsupportedFeatureException">It uses what this reader has not.</exception>
    public bool TryDecode(RowRuns rows, CodecContext context)
    {
        try
        {
            if (!_hasBatch)
            {
                _hasBatch = true;
                Rows = rows;
                RowCount = checked((int)rows.Count);
                Run = 0;
                BeginBatch();
            }

            return TryDecodeRows(context);
        }
        catch (CorruptFileException exception)
        {
            throw new CorruptFileException($"{Where()}: {exception.Detail}", null, _pages.PageOffset, exception);
        }
        catch (UnsupportedFeatureException exception)
        {
            throw new UnsupportedFeatureException(exception.Feature, $"{Where()}: {exception.Message}");
        }
    }

    /// <summary>Ends the batch.</summary>
    public LeafColumn FinishBatch()
    {
        _hasBatch = false;
        return Finish();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _pages.Dispose();
            _spares.Return(Leaf, Values);
        }
    }

    /// <summary>Sets up for a batch.</summary>
    protected abstract void BeginBatch();

    /// <summary>Decodes until the batch is whole (true) or bytes are missing (false).</summary>
    protected abstract bool TryDecodeRows(CodecContext context);

    /// <summary>Ends the batch.</summary>
    protected abstract LeafColumn Finish();

    /// <summary>Takes the decoders of a page's levels.</summary>
    protected abstract void BeginLevels(LevelDecoder definitionLevels, LevelDecoder repetitionLevels);

    /// <summary>Steps to the next data page that may hold a row or one after it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="context">What codecs keep.</param>
    /// <param name="firstRow">The first row of the page; -1 where unknown.</param>
    protected PageResult TryNextPage(long row, CodecContext context, out long firstRow)
    {
        while (true)
        {
            PageResult result = _pages.TryRead(row, context, out PageBody body);
            firstRow = body.FirstRow;
            if (result != PageResult.Page)
            {
                return result;
            }

            if (body.Header.Type != PageType.DictionaryPage)
            {
                _hasDataPage = true;
                BeginDataPage(body);
                return PageResult.Page;
            }

            if (_hasDataPage || _hasDictionary)
            {
                throw new CorruptFileException("a second dictionary page, or one after data pages");
            }

            if (body.Header.Encoding is not (ParquetEncoding.Plain or ParquetEncoding.PlainDictionary))
            {
                throw new UnsupportedFeatureException(
                    $"Parquet encoding {body.Header.Encoding} of a dictionary", "it is PLAIN everywhere else");
            }

            _hasDictionary = true;
            Values.SetDictionary(body.Bytes.Span, body.End, body.Header.ValueCount);
        }
    }

    private void BeginDataPage(PageBody body)
    {
        ReadOnlySpan<byte> page = body.Bytes.Span;
        int maxDefinition = Leaf.Leaf.MaxDefinitionLevel;
        int maxRepetition = Leaf.Leaf.MaxRepetitionLevel;
        int count = body.Header.ValueCount;
        int position;
        LevelDecoder definition, repetition;
        if (body.Header.Type == PageType.DataPageV2)
        {
            int repetitionBytes = body.Header.RepetitionLevelBytes;
            repetition = LevelDecoder.BeginV2(0, repetitionBytes, maxRepetition);
            definition = LevelDecoder.BeginV2(repetitionBytes, body.Header.DefinitionLevelBytes, maxDefinition);
            position = body.LevelsEnd;
        }
        else
        {
            position = 0;
            repetition = LevelDecoder.BeginV1(
                page, body.End, body.Header.RepetitionLevelEncoding, maxRepetition, count, ref position);
            definition = LevelDecoder.BeginV1(
                page, body.End, body.Header.DefinitionLevelEncoding, maxDefinition, count, ref position);
        }

        Page = body.Bytes;
        EntriesLeft = count;
        BeginLevels(definition, repetition);
        Values.BeginPage(body.Header.Encoding, body.Bytes, position, body.End, count);
    }

    private string Where() => FormattableString.Invariant(
        $"row group {_rowGroupIndex}, column '{Leaf.Leaf}', page {int.Max(0, _pages.PageIndex)}");

    /// <summary>A bitmap as an array's buffer; empty where no bit is 0.</summary>
    protected static ArrowBuffer ToBuffer(ReadOnlySpan<byte> validity, int slotCount, int nullCount) => nullCount == 0
        ? ArrowBuffer.Empty
        : new ArrowBuffer(validity[..Bitmap.SizeBytes(slotCount)].ToArray());
}

/// <summary>How the bytes of column chunks come.</summary>
/// <param name="FileSizeBytes">The file's size.</param>
/// <param name="WindowBytes">Bytes to ask for at a time.</param>
/// <param name="TailSlackBytes">
/// Bytes that a chunk may be longer than it says (a fault of old parquet-mr, PARQUET-816), else 0.
/// </param>
/// <param name="Limits">What chunks may ask for.</param>
/// <param name="Allocator">Where scratch comes from.</param>
internal sealed record ChunkSource(
    long FileSizeBytes, int WindowBytes, int TailSlackBytes, Limits Limits, BufferAllocator Allocator)
{
    /// <summary>What decoders of one row group leave to those of the next.</summary>
    public SpareDecoders Spares { get; } = new();

    /// <summary>Bytes between wanted pages that are read with them rather than asking twice.</summary>
    public int LargestGapBytes { get; init; } = 4 << 10;

    /// <summary>The byte after a chunk's last one.</summary>
    /// <exception cref="CorruptFileException">The chunk does not lie in the file.</exception>
    public long EndOf(ColumnChunkMetadata chunk) =>
        long.Min(chunk.EndOffset(FileSizeBytes) + TailSlackBytes, FileSizeBytes);
}
