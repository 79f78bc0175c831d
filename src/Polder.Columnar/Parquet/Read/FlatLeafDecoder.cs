using System;
using System.Numerics;
using Polder.Bytes;
using Polder.Parquet.Compression;
using Polder.Parquet.Levels;
using Polder.Parquet.Pages;
using Polder.Parquet.Values;

namespace Polder.Parquet.Read;

/// <summary>
/// A leaf outside all lists: one slot a row. Levels of 0 and 1 are never decoded as such: they are the validity bitmap.
/// </summary>
internal sealed class FlatLeafDecoder : LeafDecoder
{
    private const int SkippedLevels = 4096;

    private readonly int _maxLevel;
    private readonly int _nullLevel;
    private byte[] _validity = [];
    private byte[]? _levels;
    private LevelDecoder _definition;
    private int _rowsDone;
    private int _nullCount;
    private byte[] _skippedLevels = [];
    private long _row;

    /// <summary>Makes a decoder.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="rowGroup">The row group.</param>
    /// <param name="pages">The pages of the chunk.</param>
    /// <param name="spares">Where value decoders come from.</param>
    /// <param name="nullLevel">The level of all rows where there are only nulls, and no page is read; else -1.</param>
    public FlatLeafDecoder(
        LeafPlan leaf, RowGroupMetadata rowGroup, PageReader pages, SpareDecoders spares, int nullLevel)
        : base(leaf, rowGroup, pages, spares)
    {
        _maxLevel = leaf.Leaf.MaxDefinitionLevel;
        _nullLevel = nullLevel;
    }

    /// <inheritdoc />
    protected override void BeginBatch()
    {
        _rowsDone = 0;
        _nullCount = 0;
        _levels = _maxLevel > 1 ? new byte[RowCount] : null;
        if (_maxLevel > 0 && _validity.Length < Bitmap.SizeBytes(RowCount))
        {
            _validity = new byte[Bitmap.SizeBytes(RowCount)];
        }

        Values.BeginBatch(RowCount);
    }

    /// <inheritdoc />
    protected override bool TryDecodeRows(CodecContext context)
    {
        if (_nullLevel >= 0)
        {
            DecodeNulls();
            return true;
        }

        for (; Run < Rows.Runs.Length; Run++)
        {
            RowRun run = Rows.Runs[Run];
            while (_row < run.End)
            {
                if (EntriesLeft == 0)
                {
                    if (!TryBeginPage(long.Max(_row, run.Start), context))
                    {
                        return false;
                    }
                }
                else if (_row < run.Start)
                {
                    SkipEntries((int)long.Min(EntriesLeft, run.Start - _row));
                }
                else
                {
                    DecodeEntries((int)long.Min(EntriesLeft, run.End - _row));
                }
            }
        }

        if (_row == TotalRows && EntriesLeft > 0)
        {
            throw new CorruptFileException(FormattableString.Invariant(
                $"the column has {EntriesLeft} values more than the row group has rows"));
        }

        return true;
    }

    /// <inheritdoc />
    protected override LeafColumn Finish() => new()
    {
        Dictionary = Values.FinishDictionary(),
        Values = Values.FinishBatch(),
        SlotCount = RowCount,
        NullCount = _nullCount,
        Validity = ToBuffer(_validity, RowCount, _nullCount),
        DefinitionLevels = _levels,
        EntryCount = RowCount,
    };

    /// <inheritdoc />
    protected override void BeginLevels(LevelDecoder definitionLevels, LevelDecoder repetitionLevels) =>
        _definition = definitionLevels;

    private void DecodeNulls()
    {
        _levels?.AsSpan().Fill((byte)_nullLevel);
        _validity.AsSpan(0, Bitmap.SizeBytes(RowCount)).Clear();
        _nullCount = RowCount;
        Values.BeginPage(ParquetEncoding.Plain, default, 0, 0, 0);
        Values.Decode(RowCount, 0, _validity, 0);
    }

    private bool TryBeginPage(long row, CodecContext context)
    {
        switch (TryNextPage(row, context, out long firstRow))
        {
            case PageResult.NeedsBytes:
                return false;
            case PageResult.End:
                throw new CorruptFileException(FormattableString.Invariant(
                    $"the column ends after {_row} of {TotalRows} rows"));
            default:
                _row = firstRow;
                return true;
        }
    }

    private void SkipEntries(int count)
    {
        if (count == EntriesLeft)
        {
            // Nothing of the page is wanted any more.
            _row += count;
            EntriesLeft = 0;
            return;
        }

        if (_maxLevel > 1 && _skippedLevels.Length == 0)
        {
            _skippedLevels = new byte[SkippedLevels];
        }

        Values.Skip(_definition.Skip(Page.Span, count, _skippedLevels));
        _row += count;
        EntriesLeft -= count;
    }

    private void DecodeEntries(int count)
    {
        int validCount = count;
        if (_levels is not null)
        {
            Span<byte> levels = _levels.AsSpan(_rowsDone, count);
            _definition.Decode(Page.Span, levels);
            validCount = 0;
            for (int index = 0; index < count; index += 64)
            {
                int taken = int.Min(64, count - index);
                ulong word = BitMask.AtLeast(levels.Slice(index, taken), (byte)_maxLevel);
                BitMask.Store(_validity, _rowsDone + index, taken, word);
                validCount += BitOperations.PopCount(word);
            }
        }
        else if (_maxLevel == 1)
        {
            validCount = _definition.DecodeBits(Page.Span, _validity, _rowsDone, count);
        }

        Values.Decode(count, validCount, _validity, _rowsDone);
        _rowsDone += count;
        _row += count;
        _nullCount += count - validCount;
        EntriesLeft -= count;
    }
}
