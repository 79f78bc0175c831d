using System;
using System.Numerics;
using Polder.Bytes;
using Polder.Parquet.Compression;
using Polder.Parquet.Levels;
using Polder.Parquet.Pages;

namespace Polder.Parquet.Read;

/// <summary>
/// A leaf inside lists: a row has any number of entries, and ends only where the next one begins. Levels are decoded a
/// block at a time, so that what runs of levels claim never sizes memory before values do.
/// </summary>
internal sealed class NestedLeafDecoder : LeafDecoder
{
    private const int BlockEntries = 4096;

    private readonly byte[] _blockDefinition = new byte[BlockEntries];
    private readonly byte[] _blockRepetition = new byte[BlockEntries];
    private readonly long _totalRows;
    private readonly int _maxLevel;
    private LevelDecoder _definition;
    private LevelDecoder _repetition;
    private int _blockPosition;
    private int _blockCount;
    private byte[] _definitionLevels = [];
    private byte[] _repetitionLevels = [];
    private byte[] _validity = [];
    private int _entryCount;
    private int _slotCount;
    private int _nullCount;
    private int _rowsBegun;
    private long _rowsOfAllBatches;

    public NestedLeafDecoder(LeafPlan leaf, RowGroupMetadata rowGroup, PageReader pages)
        : base(leaf, rowGroup, pages)
    {
        _maxLevel = leaf.Leaf.MaxDefinitionLevel;
        _totalRows = rowGroup.RowCount;
    }

    /// <inheritdoc />
    protected override void BeginBatch()
    {
        _definitionLevels = new byte[RowCount];
        _repetitionLevels = new byte[RowCount];
        _entryCount = 0;
        _slotCount = 0;
        _nullCount = 0;
        _rowsBegun = 0;
        Values.BeginBatch(RowCount);
    }

    /// <inheritdoc />
    protected override bool TryDecodeRows(CodecContext context)
    {
        while (true)
        {
            if (_blockPosition == _blockCount)
            {
                PageResult result = TryNextBlock(context);
                if (result == PageResult.NeedsBytes)
                {
                    return false;
                }

                if (result == PageResult.End)
                {
                    FinishChunk();
                    return true;
                }
            }

            int count = MeasureRows(out bool isWhole);
            AppendEntries(count);
            if (isWhole)
            {
                _rowsOfAllBatches += RowCount;
                return _rowsOfAllBatches < _totalRows
                    ? true
                    : throw new CorruptFileException("the column has more rows than its row group");
            }
        }
    }

    /// <inheritdoc />
    protected override LeafColumn Finish() => new()
    {
        Values = Values.FinishBatch(),
        SlotCount = _slotCount,
        NullCount = _nullCount,
        Validity = ToBuffer(_validity, _slotCount, _nullCount),
        DefinitionLevels = _definitionLevels,
        RepetitionLevels = _repetitionLevels,
        EntryCount = _entryCount,
    };

    /// <inheritdoc />
    protected override void BeginLevels(LevelDecoder definitionLevels, LevelDecoder repetitionLevels)
    {
        _definition = definitionLevels;
        _repetition = repetitionLevels;
    }

    private PageResult TryNextBlock(CodecContext context)
    {
        while (EntriesLeft == 0)
        {
            PageResult result = TryNextPage(context);
            if (result != PageResult.Page)
            {
                return result;
            }
        }

        _blockPosition = 0;
        _blockCount = int.Min(EntriesLeft, BlockEntries);
        EntriesLeft -= _blockCount;
        _repetition.Decode(Page.Span, _blockRepetition.AsSpan(0, _blockCount));
        _definition.Decode(Page.Span, _blockDefinition.AsSpan(0, _blockCount));
        if (_rowsOfAllBatches == 0 && _rowsBegun == 0 && _blockRepetition[0] != 0)
        {
            throw new CorruptFileException("the column begins inside a row");
        }

        return PageResult.Page;
    }

    private void FinishChunk()
    {
        _rowsOfAllBatches += _rowsBegun;
        if (_rowsBegun < RowCount || _rowsOfAllBatches != _totalRows)
        {
            throw new CorruptFileException(FormattableString.Invariant(
                $"the column ends after {_rowsOfAllBatches} of {_totalRows} rows"));
        }
    }

    // Entries of the block up to the row after the last one wanted, whose first entry tells that the batch is whole.
    private int MeasureRows(out bool isWhole)
    {
        for (int position = _blockPosition; position < _blockCount; position += 64)
        {
            int taken = int.Min(64, _blockCount - position);
            ulong begins = ~BitMask.AtLeast(_blockRepetition.AsSpan(position, taken), 1);
            begins &= taken == 64 ? ulong.MaxValue : (1UL << taken) - 1;
            int rows = BitOperations.PopCount(begins);
            if (_rowsBegun + rows > RowCount)
            {
                for (; _rowsBegun < RowCount; _rowsBegun++)
                {
                    begins &= begins - 1;
                }

                isWhole = true;
                return position + BitOperations.TrailingZeroCount(begins) - _blockPosition;
            }

            _rowsBegun += rows;
        }

        isWhole = false;
        return _blockCount - _blockPosition;
    }

    private void AppendEntries(int count)
    {
        ReadOnlySpan<byte> definition = _blockDefinition.AsSpan(_blockPosition, count);
        Append(ref _definitionLevels, definition);
        Append(ref _repetitionLevels, _blockRepetition.AsSpan(_blockPosition, count));
        _entryCount += count;
        _blockPosition += count;
        int slotStart = _slotCount;
        int needed = Bitmap.SizeBytes(checked(slotStart + count));
        if (_validity.Length < needed)
        {
            Array.Resize(ref _validity, int.Max(needed, 2 * _validity.Length));
        }

        int validCount = 0;
        for (int index = 0; index < count; index += 64)
        {
            ReadOnlySpan<byte> levels = definition.Slice(index, int.Min(64, count - index));
            ulong slots = BitMask.AtLeast(levels, (byte)Leaf.SlotDefinitionLevel);
            ulong valid = BitMask.Extract(BitMask.AtLeast(levels, (byte)_maxLevel), slots);
            int wordSlots = BitOperations.PopCount(slots);
            BitMask.Store(_validity, _slotCount, wordSlots, valid);
            _slotCount += wordSlots;
            validCount += BitOperations.PopCount(valid);
        }

        int slotCount = _slotCount - slotStart;
        _nullCount += slotCount - validCount;
        Values.Decode(slotCount, validCount, _validity, slotStart);
    }

    private void Append(ref byte[] levels, ReadOnlySpan<byte> block)
    {
        long needed = (long)_entryCount + block.Length;
        if (needed > levels.Length)
        {
            if (needed > Array.MaxLength / 2)
            {
                throw new UnsupportedFeatureException(
                    "more than 2^30 entries of a list in one batch", "ask for batches of fewer rows");
            }

            Array.Resize(ref levels, int.Max((int)needed, 2 * levels.Length));
        }

        block.CopyTo(levels.AsSpan(_entryCount));
    }
}
