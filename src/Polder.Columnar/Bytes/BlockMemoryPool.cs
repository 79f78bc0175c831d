using System;
using System.Buffers;
using System.Threading;

namespace Polder.Bytes;

/// <summary>An allocator's blocks behind the base library's interface: one owner each, nothing shared.</summary>
internal sealed class BlockMemoryPool : MemoryPool<byte>
{
    private const int DefaultLength = 4096;

    private readonly BufferAllocator _allocator;

    public BlockMemoryPool(BufferAllocator allocator)
    {
        _allocator = allocator;
    }

    /// <inheritdoc />
    public override int MaxBufferSize => Array.MaxLength;

    /// <inheritdoc />
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minBufferSize, -1);
        return new Owner(_allocator.Rent(minBufferSize <= 0 ? DefaultLength : minBufferSize));
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        // The allocator belongs to others.
    }

    private sealed class Owner : IMemoryOwner<byte>
    {
        private BufferBlock? _block;

        public Owner(BufferBlock block)
        {
            _block = block;
        }

        public Memory<byte> Memory =>
            (Volatile.Read(ref _block) ?? throw new ObjectDisposedException(nameof(IMemoryOwner<byte>))).Memory;

        public void Dispose() => Interlocked.Exchange(ref _block, null)?.Release();
    }
}
