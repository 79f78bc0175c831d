namespace Polder.Bytes;

/// <summary>Where blocks of bytes come from. Thread-safe.</summary>
public abstract class BufferAllocator
{
    private protected BufferAllocator()
    {
    }

    /// <summary>
    /// The process's pool: pinned, 64-byte-aligned blocks from 64 KiB up, at most 256 MiB of them kept when free.
    /// </summary>
    public static BufferAllocator Shared { get; } = new PooledBufferAllocator(256L << 20, 64 << 20);

    /// <summary>Plain uninitialised arrays; nothing is ever recycled.</summary>
    public static BufferAllocator GarbageCollected { get; } = new PooledBufferAllocator(0, 0);

    /// <summary>Bytes of pooled blocks that some handle holds.</summary>
    public abstract long RentedBytes { get; }

    /// <summary>Bytes of free blocks kept for the next renter.</summary>
    public abstract long RetainedBytes { get; }

    /// <summary>Makes a pool.</summary>
    /// <param name="maxRetainedBytes">Free blocks kept, in bytes.</param>
    /// <param name="maxBlockLength">Larger blocks are plain arrays and not kept.</param>
    public static BufferAllocator CreatePool(long maxRetainedBytes, int maxBlockLength) =>
        new PooledBufferAllocator(maxRetainedBytes, maxBlockLength);

    /// <summary>Drops every free block.</summary>
    public abstract void Trim();

    /// <summary>A block of at least that many bytes, contents undefined, with one handle.</summary>
    internal abstract BufferBlock Rent(int minimumLength);
}
