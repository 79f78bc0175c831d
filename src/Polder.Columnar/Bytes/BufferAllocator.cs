using System;
using System.Buffers;

namespace Polder.Bytes;

/// <summary>Where blocks of bytes come from. Thread-safe.</summary>
public abstract class BufferAllocator
{
    private protected BufferAllocator()
    {
    }

    /// <summary>
    /// The process's pool: blocks from 4 KiB up, pinned and 64-byte aligned from 64 KiB up; at most 256 MiB of them are
    /// kept when free. Its checks are those that the AppContext value <c>Polder.BufferChecks</c> names, else none.
    /// </summary>
    public static BufferAllocator Shared { get; } = new PooledBufferAllocator(256L << 20, 64 << 20, ConfiguredChecks());

    /// <summary>Plain uninitialised arrays; nothing is ever recycled.</summary>
    public static BufferAllocator GarbageCollected { get; } = new PooledBufferAllocator(0, 0);

    /// <summary>What is spent on finding mistakes.</summary>
    public abstract BufferChecks Checks { get; }

    /// <summary>
    /// Bytes of pooled blocks that some handle holds. A handle that was never disposed counts for ever: that is how a
    /// test finds it.
    /// </summary>
    public abstract long RentedBytes { get; }

    /// <summary>Bytes of free blocks kept for the next renter; never more than the pool's budget.</summary>
    public abstract long RetainedBytes { get; }

    /// <summary>Makes a pool.</summary>
    /// <param name="maxRetainedBytes">Free blocks kept, in bytes.</param>
    /// <param name="maxBlockLength">Larger blocks are plain arrays and not kept.</param>
    /// <param name="checks">What to spend on finding mistakes.</param>
    public static BufferAllocator CreatePool(
        long maxRetainedBytes, int maxBlockLength, BufferChecks checks = BufferChecks.None) =>
        new PooledBufferAllocator(maxRetainedBytes, maxBlockLength, checks);

    /// <summary>Drops every free block.</summary>
    public abstract void Trim();

    /// <summary>
    /// Drops blocks that have been free for that long. To be called now and then: a block's idle time begins with the
    /// first call that finds it free. <see cref="Polder.Bytes"/> has no timer; <c>Polder.Engine</c> calls this.
    /// </summary>
    public abstract void Trim(TimeSpan idleFor);

    /// <summary>These blocks for code that rents from a <see cref="MemoryPool{T}"/>.</summary>
    public MemoryPool<byte> AsMemoryPool() => new BlockMemoryPool(this);

    /// <summary>A block of at least that many bytes, contents undefined, with one handle.</summary>
    internal abstract BufferBlock Rent(int minimumLength);

    private static BufferChecks ConfiguredChecks() =>
        Enum.TryParse(AppContext.GetData("Polder.BufferChecks") as string, ignoreCase: true, out BufferChecks checks)
            ? checks
            : BufferChecks.None;
}
