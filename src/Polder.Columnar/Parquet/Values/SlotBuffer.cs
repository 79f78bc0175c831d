using System;
using Apache.Arrow;
using Array = System.Array;

namespace Polder.Parquet.Values;

/// <summary>The slots of a batch's array, all of one width: as many as were expected, or more.</summary>
/// <param name="width">Bytes of a slot.</param>
internal sealed class SlotBuffer(int width)
{
    private byte[] _bytes = [];
    private int _length;

    /// <summary>Begins a batch; memory is reserved for that many slots.</summary>
    public void Begin(int slotCount)
    {
        _length = 0;
        _bytes = GC.AllocateUninitializedArray<byte>(checked(slotCount * width));
    }

    /// <summary>The next slots, contents undefined.</summary>
    /// <exception cref="UnsupportedFeatureException">They are more than an array holds.</exception>
    public Span<byte> Take(int slotCount)
    {
        long needed = _length + ((long)slotCount * width);
        if (needed > Array.MaxLength)
        {
            throw new UnsupportedFeatureException(
                "more than 2 GiB of values in one batch", "ask for batches of fewer rows");
        }

        if (needed > _bytes.Length)
        {
            long grown = long.Min(Array.MaxLength, long.Max(needed, 2L * _bytes.Length));
            byte[] bytes = GC.AllocateUninitializedArray<byte>((int)grown);
            _bytes.AsSpan(0, _length).CopyTo(bytes);
            _bytes = bytes;
        }

        Span<byte> taken = _bytes.AsSpan(_length, (int)(needed - _length));
        _length = (int)needed;
        return taken;
    }

    /// <summary>Ends the batch: its slots, in an array not much longer.</summary>
    public ArrowBuffer Finish()
    {
        ReadOnlyMemory<byte> slots = _bytes.AsMemory(0, _length);
        if (_bytes.Length - _length > _length / 4)
        {
            slots = slots.ToArray();
        }

        _bytes = [];
        return new ArrowBuffer(slots);
    }
}
