using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Polder.Bytes;

/// <summary>
/// One run of memory and the number of handles on it. The last handle gives it back to where it came from.
/// </summary>
/// <remarks>
/// A pooled block is the same object in every life. A life has a number, which every handle knows: a handle of an
/// earlier life that races with its own end finds the wrong number and gets nothing.
/// </remarks>
internal abstract class BufferBlock
{
    private const int LifeShift = 32;
    private const long DetachedBit = 1L << 31;
    private const long CountMask = DetachedBit - 1;

    private readonly int _offset;

    // From the top: the number of this life (32 bits), whether the memory was taken out (1), the handles (31).
    private long _state = 1;

    /// <summary>Memory in an array, all or a part of it, with one handle.</summary>
    private protected BufferBlock(PooledBufferAllocator source, byte[] array, int offset, int length)
    {
        Source = source;
        Array = array;
        Length = length;
        _offset = offset;
    }

    /// <summary>Memory elsewhere, with one handle.</summary>
    /// <param name="source">Whose it is; null = foreign.</param>
    /// <param name="length">Its length.</param>
    private protected BufferBlock(PooledBufferAllocator? source, int length)
    {
        Source = source;
        Length = length;
    }

    /// <summary>Bytes in it.</summary>
    public int Length { get; }

    /// <summary>All of the block.</summary>
    public Memory<byte> Memory => Array is null ? MemoryElsewhere : new Memory<byte>(Array, _offset, Length);

    /// <summary>All of the block.</summary>
    public Span<byte> Span => Array is null ? MemoryElsewhere.Span : new Span<byte>(Array, _offset, Length);

    /// <summary>The array behind it; null for foreign and guarded memory.</summary>
    public byte[]? Array { get; }

    /// <summary>Who made it; null for foreign memory.</summary>
    public PooledBufferAllocator? Source { get; }

    /// <summary>Watches the block; null = nobody does.</summary>
    public BlockChecks? Checks { get; set; }

    /// <summary>The number of this life. Asked by whoever holds a handle.</summary>
    public int Life => (int)(Volatile.Read(ref _state) >> LifeShift);

    /// <summary>Whether there is exactly one handle. Stale at once where other threads hold one.</summary>
    public bool IsUnique => (Volatile.Read(ref _state) & CountMask) == 1;

    /// <summary>
    /// Whether the block may be written again by its only holder: never foreign memory, nor what somebody has taken
    /// out as plain memory.
    /// </summary>
    public bool IsReclaimable =>
        Source is not null && (Volatile.Read(ref _state) & (CountMask | DetachedBit)) == 1;

    private protected virtual Memory<byte> MemoryElsewhere => default;

    /// <summary>
    /// Adds a handle unless that life is over: a dying block is never resurrected. Who watches the block tells
    /// <see cref="Checks"/>.
    /// </summary>
    public bool TryRetain(int life)
    {
        long state = Volatile.Read(ref _state);
        while ((int)(state >> LifeShift) == life && (state & CountMask) != 0)
        {
            long seen = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (seen == state)
            {
                return true;
            }

            state = seen;
        }

        return false;
    }

    /// <summary>Drops a handle; the last one returns the memory.</summary>
    public void Release()
    {
        long state = Interlocked.Decrement(ref _state);
        if (((state + 1) & CountMask) <= 1)
        {
            End(state);
        }
    }

    /// <summary>
    /// Leaves the block to the garbage collector: it is neither recycled nor written again, whatever its handles do.
    /// Only for blocks with an <see cref="Array"/>.
    /// </summary>
    public void Detach()
    {
        if ((Interlocked.Or(ref _state, DetachedBit) & DetachedBit) == 0)
        {
            Forget();
        }
    }

    /// <summary>The last handle is gone, and nobody has taken the memory out.</summary>
    private protected abstract void TakeBack();

    /// <summary>The memory leaves for the garbage collector.</summary>
    private protected virtual void Forget()
    {
    }

    // Apart, so that a release is short enough to become part of its callers. Here come the last handle and, with a
    // count of -1, one too many.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void End(long state)
    {
        Invariant.Holds((state & CountMask) == 0, "a byte block was released more often than it was retained");
        Checks?.Released();
        if ((state & DetachedBit) == 0)
        {
            TakeBack();
        }
    }

    /// <summary>Begins another life with one handle.</summary>
    private protected void Revive() =>
        Volatile.Write(ref _state, (((_state >> LifeShift) + 1) << LifeShift) | 1);
}
