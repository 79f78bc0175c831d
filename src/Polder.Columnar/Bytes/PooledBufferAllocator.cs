using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Polder.Bytes;

/// <summary>
/// Size classes, four to a doubling (at most 25 % waste), each a stack under one lock. Blocks below 64 KiB are plain
/// arrays: a generation-0 array costs less than the bookkeeping.
/// </summary>
internal sealed class PooledBufferAllocator : BufferAllocator
{
    private const int SmallestPooledBytes = 64 * 1024;
    private const int Alignment = 64;
    private const int LargestPooledBytes = 1 << 30;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Stack<(byte[] Array, int Offset)>> _freeByLength = [];
    private readonly long _maxRetainedBytes;
    private readonly int _maxBlockLength;
    private long _rentedBytes;
    private long _retainedBytes;

    public PooledBufferAllocator(long maxRetainedBytes, int maxBlockLength)
    {
        _maxRetainedBytes = maxRetainedBytes;
        _maxBlockLength = int.Min(maxBlockLength, LargestPooledBytes);
    }

    /// <inheritdoc />
    public override long RentedBytes => Interlocked.Read(ref _rentedBytes);

    /// <inheritdoc />
    public override long RetainedBytes => Interlocked.Read(ref _retainedBytes);

    /// <inheritdoc />
    public override void Trim()
    {
        lock (_lock)
        {
            _freeByLength.Clear();
            _retainedBytes = 0;
        }
    }

    internal override BufferBlock Rent(int minimumLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minimumLength);
        if (minimumLength < SmallestPooledBytes || minimumLength > _maxBlockLength)
        {
            byte[] plain = minimumLength == 0 ? [] : GC.AllocateUninitializedArray<byte>(minimumLength);
            return new BufferBlock(plain, plain, null);
        }

        int length = ClassLength(minimumLength);
        (byte[] Array, int Offset) free;
        lock (_lock)
        {
            if (_freeByLength.TryGetValue(length, out Stack<(byte[], int)>? stack) && stack.TryPop(out free))
            {
                _rentedBytes += free.Array.Length;
                _retainedBytes -= free.Array.Length;
                return new BufferBlock(free.Array.AsMemory(free.Offset, length), free.Array, this);
            }
        }

        byte[] array = GC.AllocateUninitializedArray<byte>(length + Alignment, pinned: true);
        lock (_lock)
        {
            _rentedBytes += array.Length;
        }

        return new BufferBlock(array.AsMemory(AlignedOffset(array), length), array, this);
    }

    /// <summary>Takes a block whose last handle is gone.</summary>
    internal void Return(BufferBlock block)
    {
        lock (_lock)
        {
            if (block.IsDetached)
            {
                return;
            }

            _rentedBytes -= block.ArrayLength;
            if (_retainedBytes + block.ArrayLength > _maxRetainedBytes)
            {
                return;
            }

            int length = block.Memory.Length;
            if (!_freeByLength.TryGetValue(length, out Stack<(byte[], int)>? stack))
            {
                _freeByLength[length] = stack = new Stack<(byte[], int)>();
            }

            _retainedBytes += block.ArrayLength;
            stack.Push((block.Array!, AlignedOffset(block.Array!)));
        }
    }

    /// <summary>Stops counting a block that leaves for the garbage collector.</summary>
    internal void Forget(BufferBlock block)
    {
        lock (_lock)
        {
            if (!block.IsDetached)
            {
                block.IsDetached = true;
                _rentedBytes -= block.ArrayLength;
            }
        }
    }

    /// <summary>The smallest of 1, 1.25, 1.5 and 1.75 times a power of two that holds the length.</summary>
    internal static int ClassLength(int minimumLength)
    {
        int shift = int.Max(0, BitOperations.Log2((uint)minimumLength - 1) - 2);
        return (int)((((long)minimumLength - 1) >> shift) + 1) << shift;
    }

    // Sound because: the array is pinned, its address never changes.
    private static unsafe int AlignedOffset(byte[] array)
    {
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        return (int)((Alignment - (address % Alignment)) % Alignment);
    }
}
