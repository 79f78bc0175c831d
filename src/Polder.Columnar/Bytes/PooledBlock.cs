using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Polder.Bytes;

/// <summary>
/// An array used again and again with the object around it: from 64 KiB up pinned, with a 64-byte-aligned run in it;
/// below that as the garbage collector makes it, which is the cheapest where a pool is empty.
/// </summary>
internal sealed class PooledBlock : BufferBlock
{
    private const int Alignment = 64;
    private const int SmallestPinnedBytes = 64 * 1024;

    private PooledBlock(PooledBufferAllocator source, byte[] array, int offset, int length)
        : base(source, array, offset, length)
    {
        ClassIndex = SizeClass.IndexOf(length);
    }

    /// <summary>Where its length stands among the classes.</summary>
    public int ClassIndex { get; }

    /// <summary>Bytes that it takes: what budgets count.</summary>
    public int HeldBytes => Array!.Length;

    /// <summary>The next free block of its class in the same shard.</summary>
    public PooledBlock? Next { get; set; }

    /// <summary>When a trim first found it free, in milliseconds; 0 = not yet. So renting reads no clock.</summary>
    public long IdleSince { get; set; }

    /// <summary>A new block.</summary>
    /// <param name="source">The pool.</param>
    /// <param name="length">The length of a class.</param>
    public static PooledBlock Create(PooledBufferAllocator source, int length)
    {
        if (length < SmallestPinnedBytes)
        {
            return new PooledBlock(source, GC.AllocateUninitializedArray<byte>(length), 0, length);
        }

        byte[] array = GC.AllocateUninitializedArray<byte>(length + Alignment, pinned: true);
        return new PooledBlock(source, array, AlignedOffset(array), length);
    }

    /// <summary>Takes a block that was free into use.</summary>
    public new void Revive()
    {
        Next = null;
        base.Revive();
    }

    private protected override void TakeBack() => Source!.Return(this);

    private protected override void Forget() => Source!.Forget(this);

    // Sound because: the array is pinned, its address never changes.
    private static unsafe int AlignedOffset(byte[] array)
    {
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        return (int)((Alignment - (address % Alignment)) % Alignment);
    }
}
