using System;
using Apache.Arrow;

namespace Polder.Parquet.Values;

/// <summary>A leaf that is always null: whatever type the file gives it, no value is ever decoded.</summary>
internal sealed class NullDecoder : ValueDecoder
{
    /// <inheritdoc />
    public override void SetDictionary(ReadOnlySpan<byte> page, int end, int count)
    {
    }

    /// <inheritdoc />
    public override void BeginBatch(int slotCount)
    {
    }

    /// <inheritdoc />
    public override void Decode(int slotCount, int validCount, ReadOnlySpan<byte> validity, int bitStart)
    {
        // Values that stand there all the same mean nothing: other readers give null too.
    }

    /// <inheritdoc />
    public override void Skip(int valueCount)
    {
    }

    /// <inheritdoc />
    public override ArrowBuffer[] FinishBatch() => [];

    /// <inheritdoc />
    protected override void BeginValues(int start, int mostValues)
    {
    }
}
