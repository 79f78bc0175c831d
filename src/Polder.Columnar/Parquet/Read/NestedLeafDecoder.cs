using System;
using System.Numerics;
using Polder.Bytes;
using Polder.Parquet.Compression;
using Polder.Parquet.Levels;
using Polder.Parquet.Pages;
using Polder.Parquet.Values;

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
    private bool _isTaking;
    private long _rowsBegun;

    public NestedLeafDecoder(
        LeafPlan leaf, RowGroupMetadata rowGroup, PageReader pages, SpareDecoders spares)
        : base(leaf, rowGroup, pages, spares)
    {
        _maxLevel = leaf.Leaf.MaxDefinitionLevel;
    }

    /// <inheritdoc />
    protected override void BeginBatch()
    {
        _definitionLevels = new byte[RowCount];
        _repetitionLevels = new byte[RowCount];
        _entryCount = 0;
        _slotCount = 0;
        _nullCount = 0;
        _isTaking = false;
        Values.BeginBatch(RowCount);
    }

    /// <inheritdoc />
    protected override bool TryDecodeRows(CodecContext context)
    {
        while (Run < Rows.Runs.Length)
        {
            RowRun run = Rows.Runs[Run];
            long target = _isTaking ? run.End : run.Start;
            if (_blockPosition < _blockCount)
            {
                int count = MeasureRows(target, out bool isReached);
                if (_isTaking)
                {
                    AppendEntries(count);
                }
                else
                {
                    SkipEntries(count);
                }

                if (isReached)
                {
                    Reach(target, isEnd: false);
                }
            }
            else if (IsIndexed && EntriesLeft == 0 && _rowsBegun == target && (_isTaking || target > 0))
            {
                // Where there is an index, no row goes on in the next page (in the page's next block it may).
                Reach(target, isEnd: true);
            }
            else
            {
                switch (TryNextBlock(target, context))
                {
                    case PageResult.NeedsBytes:
                        return false;
                    case PageResult.End:
                        CheckEnd(target);
                        Reach(target, isEnd: true);
                        break;
                    default:
                        break;
                }
            }
        }

        return true;
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

    // From rows that are stepped over to those that are taken, or the other way round.
    private void Reach(long target, bool isEnd)
    {
        if (_isTaking && target == TotalRows && !isEnd)
        {
            throw new CorruptFileException("the column has more rows than its row group");
        }

        Run += _isTaking ? 1 : 0;
        _isTaking = !_isTaking;
    }

    private PageResult TryNextBlock(long target, CodecContext context)
    {
        bool isPageStart = EntriesLeft == 0;
        while (EntriesLeft == 0)
        {
            PageResult result = TryNextPage(_isTaking ? _rowsBegun : target, context, out long firstRow);
            if (result != PageResult.Page)
            {
                return result;
            }

            _rowsBegun = firstRow >= 0 ? firstRow : _rowsBegun;
        }

        _blockPosition = 0;
        _blockCount = int.Min(EntriesLeft, BlockEntries);
        EntriesLeft -= _blockCount;
        _repetition.Decode(Page.Span, _blockRepetition.AsSpan(0, _blockCount));
        _definition.Decode(Page.Span, _blockDefinition.AsSpan(0, _blockCount));
        if (_blockRepetition[0] != 0 && (_rowsBegun == 0 || (IsIndexed && isPageStart)))
        {
            throw new CorruptFileException("the column, or a page with an index, begins inside a row");
        }

        return PageResult.Page;
    }

    private void CheckEnd(long target)
    {
        if (_rowsBegun != target || (!IsIndexed && _rowsBegun != TotalRows))
        {
            throw new CorruptFileException(FormattableString.Invariant(
                $"the column ends after {_rowsBegun} of {TotalRows} rows"));
        }
    }

    // Entries of the block up to the first one of a row.
    private int MeasureRows(long target, out bool isReached)
    {
        for (int position = _blockPosition; position < _blockCount; position += 64)
        {
            int taken = int.Min(64, _blockCount - position);
            ulong begins = ~BitMask.AtLeast(_blockRepetition.AsSpan(position, taken), 1);
            begins &= taken == 64 ? ulong.MaxValue : (1UL << taken) - 1;
            int rows = BitOperations.PopCount(begins);
            if (_rowsBegun + rows > target)
            {
                for (; _rowsBegun < target; _rowsBegun++)
                {
                    begins &= begins - 1;
                }

                isReached = true;
                return position + BitOperations.TrailingZeroCount(begins) - _blockPosition;
            }

            _rowsBegun += rows;
        }

        isReached = false;
        return _blockCount - _blockPosition;
    }

    private void SkipEntries(int count)
    {
        ReadOnlySpan<byte> definition = _blockDefinition.AsSpan(_blockPosition, count);
        Values.Skip(definition.Count((byte)_maxLevel));
        _blockPosition += count;
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
            if (needed > int.Min(Limits.ListEntries, Array.MaxLength / 2))
            {
                throw new UnsupportedFeatureException(
                    $"more than {Limits.ListEntries} entries of a list in one batch (Limits.ListEntries)",
                    "ask for batches of fewer rows");
            }

            Array.Resize(ref levels, int.Max((int)needed, 2 * levels.Length));
        }

        block.CopyTo(levels.AsSpan(_entryCount));
    }
}
