using Polder.Bytes;
using Polder.Parquet.Levels;

namespace Polder.Parquet.Write;

/// <summary>Encodes a leaf that is always null: levels only.</summary>
internal sealed class VoidLeafEncoder : LeafEncoder
{
    public VoidLeafEncoder(LeafPath path, ParquetWriteOptions options, BufferAllocator allocator)
        : base(path, options, allocator)
    {
    }

    protected override long PendingBytes => 0;

    public override int CompareBounds(byte[] left, byte[] right) => 0;

    protected override void Load(LeafSlots slots, EncodeContext context) =>
        Invariant.Holds(slots.ValueCount == 0, "a column of type void holds a value");

    protected override long CostOf(LeafSlots slots, int start, int count) => 0;

    protected override bool TryAppendValues(LeafSlots slots, int start, int count, EncodeContext context) => true;

    protected override ParquetEncoding EncodeValues(BufferBuilder body, bool isLastPage) => ParquetEncoding.Plain;

    protected override PageBounds TakePageBounds(out long unencodedBytes)
    {
        unencodedBytes = -1;
        return default;
    }

    protected override ChunkStatistics FinishStatistics(long nullCount) => new() { NullCount = nullCount };

    protected override ColumnBoundValues FileBounds() => default;
}
