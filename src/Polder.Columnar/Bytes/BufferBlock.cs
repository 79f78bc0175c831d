using System;
using System.Buffers;
using System.Threading;

namespace Polder.Bytes;

/// <summary>
/// One run of memory and the number of handles on it. The last handle gives it back to where it came from.
/// </summary>
internal sealed class BufferBlock
{
    private readonly PooledArray? _pooled;
    private readonly IMemoryOwner<byte>? _owner;
    private int _handleCount = 1;
    private int _isDetached;

    /// <summary>Memory of an allocator: the returned block has one handle.</summary>
    /// <param name="source">Who made it.</param>
    /// <param name="memory">All of the block.</param>
    /// <param name="array">The array behind it.</param>
    /// <param name="pooled">What goes back to the source; null for what the garbage collector takes.</param>
    /// <param name="checks">Watches it; null = nobody does.</param>
    public BufferBlock(
        PooledBufferAllocator source, Memory<byte> memory, byte[] array, PooledArray? pooled, BlockChecks? checks)
    {
        Source = source;
        Memory = memory;
        Array = array;
        _pooled = pooled;
        Checks = checks;
    }

    /// <summary>A guarded block of an allocator.</summary>
    public BufferBlock(PooledBufferAllocator source, GuardedMemory guarded, BlockChecks checks)
    {
        Source = source;
        _owner = guarded;
        Memory = guarded.Memory;
        Checks = checks;
    }

    /// <summary>Foreign memory, disposed with the last handle.</summary>
    public BufferBlock(IMemoryOwner<byte> owner)
    {
        _owner = owner;
        Memory = owner.Memory;
    }

    /// <summary>All of the block.</summary>
    public Memory<byte> Memory { get; }

    /// <summary>The array behind it; null for foreign and guarded memory.</summary>
    public byte[]? Array { get; }

    /// <summary>Who made it; null for foreign memory.</summary>
    public PooledBufferAllocator? Source { get; }

    /// <summary>Watches the block; null = nobody does.</summary>
    public BlockChecks? Checks { get; }

    /// <summary>Whether there is exactly one handle. Stale at once where other threads hold one.</summary>
    public bool IsUnique => Volatile.Read(ref _handleCount) == 1;

    /// <summary>
    /// Whether the block may be written again by its only holder: never foreign memory, nor what somebody has taken
    /// out as plain memory.
    /// </summary>
    public bool IsReclaimable => Source is not null && IsUnique && Volatile.Read(ref _isDetached) == 0;

    /// <summary>Adds a handle unless the last one is gone: a dying block is never resurrected.</summary>
    public bool TryRetain()
    {
        int count = Volatile.Read(ref _handleCount);
        while (count > 0)
        {
            int seen = Interlocked.CompareExchange(ref _handleCount, count + 1, count);
            if (seen == count)
            {
                Checks?.Retained();
                return true;
            }

            count = seen;
        }

        return false;
    }

    /// <summary>Drops a handle; the last one returns the memory.</summary>
    public void Release()
    {
        int count = Interlocked.Decrement(ref _handleCount);
        Invariant.Holds(count >= 0, "a byte block was released more often than it was retained");
        if (count > 0)
        {
            return;
        }

        Checks?.Released();
        if (Volatile.Read(ref _isDetached) != 0)
        {
            return;
        }

        if (_pooled is not null)
        {
            Source!.Return(_pooled);
        }
        else if (_owner is GuardedMemory guarded && Source is not null)
        {
            Source.Return(guarded);
        }
        else
        {
            _owner?.Dispose();
        }
    }

    /// <summary>
    /// Leaves the block to the garbage collector: it is neither recycled nor written again, whatever its handles do.
    /// Only for blocks with an <see cref="Array"/>.
    /// </summary>
    public void Detach()
    {
        if (Interlocked.Exchange(ref _isDetached, 1) == 0 && _pooled is not null)
        {
            Source!.Forget(_pooled);
        }
    }
}
