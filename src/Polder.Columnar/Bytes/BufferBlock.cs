using System;
using System.Buffers;
using System.Threading;

namespace Polder.Bytes;

/// <summary>
/// One run of memory and the number of handles on it. The last handle gives it back to where it came from.
/// </summary>
internal sealed class BufferBlock
{
    private readonly PooledBufferAllocator? _pool;
    private readonly IMemoryOwner<byte>? _owner;
    private int _handleCount = 1;

    /// <summary>Memory of an allocator: the returned block has one handle.</summary>
    public BufferBlock(Memory<byte> memory, byte[] array, PooledBufferAllocator? pool)
    {
        Memory = memory;
        Array = array;
        _pool = pool;
    }

    /// <summary>Foreign memory, disposed with the last handle.</summary>
    public BufferBlock(IMemoryOwner<byte> owner)
    {
        _owner = owner;
        Memory = owner.Memory;
    }

    /// <summary>All of the block.</summary>
    public Memory<byte> Memory { get; }

    /// <summary>The array behind it; null for foreign memory.</summary>
    public byte[]? Array { get; }

    /// <summary>Whether there is exactly one handle. Stale at once where other threads hold one.</summary>
    public bool IsUnique => Volatile.Read(ref _handleCount) == 1;

    /// <summary>Whether the block may be written again by its only holder (foreign memory never).</summary>
    public bool IsReclaimable => _owner is null && IsUnique;

    /// <summary>Adds a handle unless the last one is gone: a dying block is never resurrected.</summary>
    public bool TryRetain()
    {
        int count = Volatile.Read(ref _handleCount);
        while (count > 0)
        {
            int seen = Interlocked.CompareExchange(ref _handleCount, count + 1, count);
            if (seen == count)
            {
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
        if (count == 0)
        {
            _pool?.Return(this);
            _owner?.Dispose();
        }
    }

    /// <summary>Lets the garbage collector have the block: it is never recycled, whatever its handles do.</summary>
    public void Detach() => _pool?.Forget(this);

    /// <summary>Whether a detached block; set by the pool under its lock.</summary>
    public bool IsDetached { get; set; }

    /// <summary>Bytes of the whole array, alignment slack included: what the budget counts.</summary>
    public int ArrayLength => Array?.Length ?? 0;
}
