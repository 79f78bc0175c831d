using System;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Parquet.Encodings;

namespace Polder.Parquet.Values;

/// <summary>Values that lie in an array's slots, all of one width.</summary>
internal abstract class SlotDecoder<TSlot> : DictionaryCodedDecoder
    where TSlot : unmanaged
{
    private readonly SlotBuffer _slots = new(ByteCast.SizeOf<TSlot>());

    /// <inheritdoc />
    public override void BeginBatch(int slotCount) => _slots.Begin(slotCount);

    /// <inheritdoc />
    public sealed override void Decode(int slotCount, int validCount, ReadOnlySpan<byte> validity, int bitStart)
    {
        Span<TSlot> slots = ByteCast.As<TSlot>(_slots.Take(slotCount));
        Span<TSlot> dense = slots[(slotCount - validCount)..];
        if (Encoding.IsDictionary())
        {
            DecodePositions(dense);
        }
        else
        {
            DecodeValues(dense);
        }

        if (validCount < slotCount)
        {
            NullSpread.Spread(slots, validity, bitStart, validCount);
        }
    }

    /// <inheritdoc />
    public override ArrowBuffer[] FinishBatch() => [_slots.Finish()];

    /// <summary>Decodes the next values of a dictionary page.</summary>
    protected abstract void DecodePositions(Span<TSlot> slots);

    /// <summary>Decodes the next values of an encoding that is not a dictionary's.</summary>
    protected abstract void DecodeValues(Span<TSlot> slots);
}
