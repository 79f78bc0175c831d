using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Polder.Bytes;

/// <summary>
/// A pinned array with a 64-byte-aligned run in it; lives as long as the array and is used again with it.
/// </summary>
internal sealed class PooledArray
{
    public const int Alignment = 64;

    public PooledArray(int length)
    {
        Length = length;
        Array = GC.AllocateUninitializedArray<byte>(length + Alignment, pinned: true);
        Offset = AlignedOffset(Array);
    }

    public byte[] Array { get; }

    public int Offset { get; }

    public int Length { get; }

    /// <summary>When a trim first found it free, in milliseconds; 0 = not yet. So renting reads no clock.</summary>
    public long IdleSince { get; set; }

    public Memory<byte> Memory => Array.AsMemory(Offset, Length);

    // Sound because: the array is pinned, its address never changes.
    private static unsafe int AlignedOffset(byte[] array)
    {
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        return (int)((Alignment - (address % Alignment)) % Alignment);
    }
}

/// <summary>
/// The free arrays of one length: one for a thread or few, exchanged without a lock, and a stack for the rest.
/// </summary>
internal sealed class SizeClass
{
    private const int SmallestShift = 13;

    // Two cache lines apart, so that threads do not fight over one.
    private const int Stride = 16;
    private const int MaxNearby = 16;

    private static readonly int NearbyCount =
        int.Min(MaxNearby, (int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount));

    private readonly Lock _lock = new();
    private readonly PooledArray?[] _nearby = new PooledArray?[NearbyCount * Stride];
    private readonly List<PooledArray> _free = [];

    /// <summary>How many classes there are up to 1 GiB.</summary>
    public static int Count => IndexOf(1 << 30) + 1;

    /// <summary>The smallest of 1, 1.25, 1.5 and 1.75 times a power of two that holds the length.</summary>
    public static int LengthFor(int minimumLength)
    {
        int shift = int.Max(0, BitOperations.Log2((uint)minimumLength - 1) - 2);
        return (int)((((long)minimumLength - 1) >> shift) + 1) << shift;
    }

    /// <summary>Where a class of that length, at least 64 KiB, stands among all.</summary>
    public static int IndexOf(int classLength)
    {
        int shift = BitOperations.Log2((uint)classLength - 1) - 2;
        return ((shift - SmallestShift) * 4) + (classLength >> shift) - 5;
    }

    public PooledArray? TryTake() => Interlocked.Exchange(ref Nearest, null) ?? TakeFromAll();

    public void Add(PooledArray array)
    {
        array.IdleSince = 0;
        if (Interlocked.CompareExchange(ref Nearest, array, null) is not null)
        {
            lock (_lock)
            {
                _free.Add(array);
            }
        }
    }

    /// <summary>Moves out what has been free for as long; nothing free may be told from what is rented.</summary>
    public void TakeIdle(long now, long idleMilliseconds, List<PooledArray> taken)
    {
        for (int index = 0; index < _nearby.Length; index += Stride)
        {
            if (Interlocked.Exchange(ref _nearby[index], null) is PooledArray array && !TakeIfIdle(array))
            {
                lock (_lock)
                {
                    _free.Add(array);
                }
            }
        }

        lock (_lock)
        {
            _free.RemoveAll(TakeIfIdle);
        }

        bool TakeIfIdle(PooledArray array)
        {
            if (array.IdleSince == 0)
            {
                array.IdleSince = now;
            }

            bool isIdle = now - array.IdleSince >= idleMilliseconds;
            if (isIdle)
            {
                taken.Add(array);
            }

            return isIdle;
        }
    }

    private ref PooledArray? Nearest =>
        ref _nearby[(Environment.CurrentManagedThreadId & (NearbyCount - 1)) * Stride];

    // A block another thread gave back is still cheaper than a new one.
    private PooledArray? TakeFromAll()
    {
        lock (_lock)
        {
            if (_free.Count > 0)
            {
                PooledArray array = _free[^1];
                _free.RemoveAt(_free.Count - 1);
                return array;
            }
        }

        for (int index = 0; index < _nearby.Length; index += Stride)
        {
            if (Interlocked.Exchange(ref _nearby[index], null) is PooledArray array)
            {
                return array;
            }
        }

        return null;
    }
}
