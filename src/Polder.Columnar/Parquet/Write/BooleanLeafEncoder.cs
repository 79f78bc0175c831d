using System;
using Polder.Bytes;
using Polder.Parquet.Levels;

namespace Polder.Parquet.Write;

/// <summary>Encodes BOOLEAN: PLAIN, which is Arrow's own bitmap.</summary>
internal sealed class BooleanLeafEncoder : LeafEncoder
{
    private byte[] _bits = [];
    private int _bitCount;
    private int _pageTrueCount;
    private long _chunkTrueCount;
    private long _chunkValueCount;
    private long _fileTrueCount;
    private long _fileValueCount;

    public BooleanLeafEncoder(LeafPath path, ParquetWriteOptions options, BufferAllocator allocator)
        : base(path, options, allocator)
    {
    }

    protected override long PendingBytes => Bitmap.SizeBytes(_bitCount);

    public override int CompareBounds(byte[] left, byte[] right) => left[0] - right[0];

    protected override void Load(LeafSlots slots, EncodeContext context)
    {
        if (!slots.IsContiguous)
        {
            ReadOnlySpan<byte> bits = slots.Data.Buffers[1].Span;
            Bitmap.Gather(
                bits, slots.Data.Offset, slots.Data.Length, slots.ValueRows, Scratch(slots, context));
        }
    }

    protected override long CostOf(LeafSlots slots, int start, int count) => Bitmap.SizeBytes(count);

    protected override bool TryAppendValues(LeafSlots slots, int start, int count, EncodeContext context)
    {
        if (count == 0)
        {
            return true;
        }

        int neededBytes = Bitmap.SizeBytes(_bitCount + count);
        if (_bits.Length < neededBytes)
        {
            Array.Resize(ref _bits, int.Max(neededBytes, 2 * _bits.Length));
        }

        ReadOnlySpan<byte> source = slots.IsContiguous ? slots.Data.Buffers[1].Span : Scratch(slots, context);
        int offset = slots.IsContiguous ? slots.Data.Offset + slots.FirstRow + start : start;
        Bitmap.Copy(source, offset, _bits, _bitCount, count);
        _pageTrueCount += Bitmap.CountOnes(source, offset, count);
        _bitCount += count;
        return true;
    }

    protected override ParquetEncoding EncodeValues(BufferBuilder body, bool isLastPage)
    {
        if ((_bitCount & 7) != 0)
        {
            _bits[_bitCount >> 3] &= (byte)((1 << (_bitCount & 7)) - 1);
        }

        body.Write(_bits.AsSpan(0, Bitmap.SizeBytes(_bitCount)));
        _bitCount = 0;
        return ParquetEncoding.Plain;
    }

    protected override PageBounds TakePageBounds(out long unencodedBytes)
    {
        unencodedBytes = -1;
        PageBounds bounds = _bitCount == 0
            ? default
            : new PageBounds(Bound(_pageTrueCount == _bitCount), Bound(_pageTrueCount > 0));
        _chunkTrueCount += _pageTrueCount;
        _chunkValueCount += _bitCount;
        _pageTrueCount = 0;
        return bounds;
    }

    protected override ChunkStatistics FinishStatistics(long nullCount)
    {
        bool any = _chunkValueCount > 0;
        ChunkStatistics statistics = new()
        {
            NullCount = nullCount,
            MinimumBytes = ChunkStatistics.Bound(any ? Bound(_chunkTrueCount == _chunkValueCount) : null),
            MaximumBytes = ChunkStatistics.Bound(any ? Bound(_chunkTrueCount > 0) : null),
            IsMinimumExact = any ? true : null,
            IsMaximumExact = any ? true : null,
        };
        _fileTrueCount += _chunkTrueCount;
        _fileValueCount += _chunkValueCount;
        _chunkTrueCount = _chunkValueCount = 0;
        return statistics;
    }

    protected override ColumnBoundValues FileBounds() => _fileValueCount == 0
        ? default
        : new ColumnBoundValues(_fileTrueCount == _fileValueCount, _fileTrueCount > 0, false, false, 0);

    private static byte[] Bound(bool value) => [value ? (byte)1 : (byte)0];

    private static Span<byte> Scratch(LeafSlots slots, EncodeContext context) =>
        context.Values<byte>(Bitmap.SizeBytes(slots.ValueCount));
}
