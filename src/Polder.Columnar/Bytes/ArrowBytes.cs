using System;
using System.Buffers;
using Apache.Arrow;
using Apache.Arrow.Memory;

namespace Polder.Bytes;

/// <summary>The doors between slices and Apache Arrow's buffers.</summary>
public static class ArrowBytes
{
    /// <summary>
    /// The bytes as an Arrow buffer without a copy (foreign memory is copied). The block leaves its pool: Arrow's
    /// arrays have no certain end. Consumes the slice.
    /// </summary>
    public static ArrowBuffer ToArrowBuffer(this BufferSlice slice) => new(slice.DetachFromPool());

    /// <summary>
    /// The bytes of an Arrow buffer without a copy. Counts nothing: the slice must not be used after the array the
    /// buffer belongs to is disposed, if that frees native memory.
    /// </summary>
    public static BufferSlice ToBufferSlice(this ArrowBuffer buffer) => BufferSlice.Wrap(buffer.Memory);

    /// <summary>
    /// These blocks for code that takes one of Arrow's allocators: aligned, and left to the garbage collector when
    /// disposed, since Arrow also disposes them from a finalizer, while spans may still be in use.
    /// </summary>
    public static MemoryAllocator AsArrowAllocator(this BufferAllocator allocator) => new DroppingAllocator(allocator);

    private sealed class DroppingAllocator : MemoryAllocator
    {
        private readonly BufferAllocator _allocator;

        public DroppingAllocator(BufferAllocator allocator)
        {
            _allocator = allocator;
        }

        protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
        {
            BufferBlock block = _allocator.Rent(length);
            Memory<byte> memory = block.Memory[..length];
            memory.Span.Clear();
            if (block.Array is null)
            {
                memory = new byte[length];
                block.Release();
            }
            else
            {
                block.Detach();
                block.Checks?.Released();
            }

            bytesAllocated = length;
            return new Dropped(memory);
        }
    }

    private sealed class Dropped : IMemoryOwner<byte>
    {
        private Memory<byte> _memory;

        public Dropped(Memory<byte> memory)
        {
            _memory = memory;
        }

        public Memory<byte> Memory => _memory;

        public void Dispose() => _memory = default;
    }
}
