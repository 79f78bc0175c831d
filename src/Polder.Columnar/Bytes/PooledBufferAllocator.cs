using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;

namespace Polder.Bytes;

/// <summary>
/// Size classes, four to a doubling (at most 25 % waste), under one budget in bytes. Blocks below 64 KiB are plain
/// arrays: a generation-0 array costs less than the bookkeeping.
/// </summary>
internal sealed class PooledBufferAllocator : BufferAllocator
{
    private const int SmallestPooledBytes = 64 * 1024;
    private const int LargestPooledBytes = 1 << 30;
    private const int SampleEvery = 128;
    private static readonly TimeSpan Gen2Idle = TimeSpan.FromSeconds(30);

    private readonly SizeClass?[] _classes = new SizeClass?[SizeClass.Count];
    private readonly Quarantine? _quarantine;
    private readonly Func<long> _milliseconds;
    private readonly long _maxRetainedBytes;
    private readonly int _maxBlockLength;
    private int _rentCount;
    private long _rentedBytes;
    private long _retainedBytes;

    public PooledBufferAllocator(
        long maxRetainedBytes,
        int maxBlockLength,
        BufferChecks checks = BufferChecks.None,
        Func<long>? milliseconds = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxRetainedBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBlockLength);
        _maxRetainedBytes = maxRetainedBytes;
        _maxBlockLength = int.Min(maxBlockLength, LargestPooledBytes);
        Checks = checks;
        _quarantine = checks >= BufferChecks.Full ? new Quarantine() : null;
        _milliseconds = milliseconds ?? (static () => Environment.TickCount64);
        if (maxRetainedBytes > 0)
        {
            Gen2Trim.Register(this);
        }
    }

    /// <inheritdoc />
    public override BufferChecks Checks { get; }

    /// <inheritdoc />
    public override long RentedBytes => Interlocked.Read(ref _rentedBytes);

    /// <inheritdoc />
    public override long RetainedBytes => Interlocked.Read(ref _retainedBytes);

    /// <inheritdoc />
    public override void Trim() => Trim(TimeSpan.Zero);

    /// <inheritdoc />
    public override void Trim(TimeSpan idleFor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(idleFor, TimeSpan.Zero);
        long now = _milliseconds();
        List<PooledArray> dropped = [];
        _quarantine?.Empty(dropped);
        foreach (SizeClass? sizeClass in _classes)
        {
            sizeClass?.TakeIdle(now, (long)idleFor.TotalMilliseconds, dropped);
        }

        foreach (PooledArray array in dropped)
        {
            Interlocked.Add(ref _retainedBytes, -array.Array.Length);
            if (_quarantine is not null)
            {
                Quarantine.Verify(array);
            }
        }
    }

    /// <summary>After a full collection: everything free where memory is short, else what was idle.</summary>
    internal void TrimAfterCollection()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        bool isShort = memory.MemoryLoadBytes >= memory.HighMemoryLoadThresholdBytes;
        Trim(isShort ? TimeSpan.Zero : Gen2Idle);
    }

    internal override BufferBlock Rent(int minimumLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minimumLength);
        if (Checks == BufferChecks.Paranoid && minimumLength > 0)
        {
            GuardedMemory guarded = new(minimumLength);
            Interlocked.Add(ref _rentedBytes, guarded.MappedBytes);
            return new BufferBlock(this, guarded, new BlockChecks(minimumLength, isFull: true));
        }

        if (minimumLength < SmallestPooledBytes || minimumLength > _maxBlockLength)
        {
            byte[] plain = minimumLength == 0 ? [] : GC.AllocateUninitializedArray<byte>(minimumLength);
            return new BufferBlock(this, plain, plain, null, CreateChecks(minimumLength));
        }

        int length = SizeClass.LengthFor(minimumLength);
        PooledArray? array = ClassOf(length).TryTake();
        if (array is not null)
        {
            Interlocked.Add(ref _retainedBytes, -array.Array.Length);
            if (_quarantine is not null)
            {
                Quarantine.Verify(array);
            }
        }

        array ??= new PooledArray(length);
        Interlocked.Add(ref _rentedBytes, array.Array.Length);
        return new BufferBlock(this, array.Memory, array.Array, array, CreateChecks(length));
    }

    /// <summary>Takes the memory of a block whose last handle is gone.</summary>
    internal void Return(PooledArray array)
    {
        Interlocked.Add(ref _rentedBytes, -array.Array.Length);
        if (!TryReserve(array.Array.Length))
        {
            return;
        }

        PooledArray? free = _quarantine is null ? array : _quarantine.Exchange(array);
        if (free is not null)
        {
            ClassOf(free.Length).Add(free);
        }
    }

    /// <summary>Takes the mapping of a block whose last handle is gone.</summary>
    internal void Return(GuardedMemory guarded)
    {
        Interlocked.Add(ref _rentedBytes, -guarded.MappedBytes);
        _quarantine!.Add(guarded);
    }

    /// <summary>Stops counting an array that leaves for the garbage collector.</summary>
    internal void Forget(PooledArray array) => Interlocked.Add(ref _rentedBytes, -array.Array.Length);

    private BlockChecks? CreateChecks(int length) => Checks switch
    {
        BufferChecks.None => null,
        BufferChecks.Sampled => Interlocked.Increment(ref _rentCount) % SampleEvery == 0
            ? new BlockChecks(length, isFull: false)
            : null,
        _ => new BlockChecks(length, isFull: true),
    };

    private SizeClass ClassOf(int length)
    {
        ref SizeClass? place = ref _classes[SizeClass.IndexOf(length)];
        if (Volatile.Read(ref place) is SizeClass known)
        {
            return known;
        }

        SizeClass created = new();
        return Interlocked.CompareExchange(ref place, created, null) ?? created;
    }

    // Reserved before the array is within reach of a renter, so what is held never exceeds the budget.
    private bool TryReserve(long bytes)
    {
        long held = Interlocked.Read(ref _retainedBytes);
        while (held + bytes <= _maxRetainedBytes)
        {
            long seen = Interlocked.CompareExchange(ref _retainedBytes, held + bytes, held);
            if (seen == held)
            {
                return true;
            }

            held = seen;
        }

        return false;
    }

    /// <summary>Dies with every full collection and is born again, for as long as its pool lives.</summary>
    private sealed class Gen2Trim
    {
        // Not a WeakReference: that has a finalizer of its own, which may run before ours.
        private GCHandle _pool;

        private Gen2Trim(PooledBufferAllocator pool)
        {
            _pool = GCHandle.Alloc(pool, GCHandleType.Weak);
        }

        ~Gen2Trim()
        {
            if (_pool.Target is not PooledBufferAllocator pool)
            {
                _pool.Free();
                return;
            }

            if (GC.GetGeneration(this) == GC.MaxGeneration)
            {
                pool.TrimAfterCollection();
            }

            GC.ReRegisterForFinalize(this);
        }

        public static void Register(PooledBufferAllocator pool) => _ = new Gen2Trim(pool);
    }
}
