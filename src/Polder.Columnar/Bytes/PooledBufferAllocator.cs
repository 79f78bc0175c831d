using System;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading;

namespace Polder.Bytes;

/// <summary>
/// Size classes, four to a doubling (at most 25 % waste), under one budget in bytes. Blocks below 4 KiB are plain
/// arrays: a generation-0 array costs no more than the bookkeeping.
/// </summary>
/// <remarks>
/// Free blocks lie in shards, one for each core. A shard retains what it has a lease for, and the leases together never
/// exceed the budget; a lease outlives the block it was taken for, so that who rents and returns on one core touches
/// nothing that cores share. Nobody is ever inside two shards, except to read a count of all.
/// </remarks>
internal sealed class PooledBufferAllocator : BufferAllocator
{
    private const int SmallestPooledBytes = 4 * 1024;
    private const int LargestPooledBytes = 1 << 30;
    private const int SampleEvery = 128;
    private const int MinShardCount = 2;
    private const int MaxShardCount = 16;
    private static readonly TimeSpan Gen2Idle = TimeSpan.FromSeconds(30);

    private readonly PoolShard[] _shards;
    private readonly Quarantine? _quarantine;
    private readonly Func<long> _milliseconds;
    private readonly long _maxRetainedBytes;
    private readonly int _maxBlockLength;
    private int _rentCount;
    private long _guardedBytes;
    private long _leasedBytes;

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
        _shards = new PoolShard[int.Clamp(
            (int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount), MinShardCount, MaxShardCount)];
        for (int index = 0; index < _shards.Length; index++)
        {
            _shards[index] = new PoolShard();
        }

        if (maxRetainedBytes > 0)
        {
            Gen2Trim.Register(this);
        }
    }

    /// <inheritdoc />
    public override BufferChecks Checks { get; }

    /// <inheritdoc />
    public override long RentedBytes => Sum(static shard => shard.RentedBytes) + Interlocked.Read(ref _guardedBytes);

    /// <inheritdoc />
    public override long RetainedBytes => Sum(static shard => shard.RetainedBytes) + (_quarantine?.HeldBytes ?? 0);

    /// <inheritdoc />
    public override void Trim() => Trim(TimeSpan.Zero);

    /// <inheritdoc />
    public override void Trim(TimeSpan idleFor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(idleFor, TimeSpan.Zero);
        long now = _milliseconds();
        if (_quarantine is not null)
        {
            Interlocked.Add(ref _leasedBytes, -_quarantine.Empty());
        }

        foreach (PoolShard shard in _shards)
        {
            shard.Enter();
            PooledBlock? dropped = shard.TakeIdle(now, (long)idleFor.TotalMilliseconds);
            long slackBytes = shard.TakeSlack();
            shard.Exit();
            Interlocked.Add(ref _leasedBytes, -slackBytes);
            for (; _quarantine is not null && dropped is not null; dropped = dropped.Next)
            {
                Quarantine.Verify(dropped);
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
            Interlocked.Add(ref _guardedBytes, guarded.MappedBytes);
            return new OwnedBlock(this, guarded) { Checks = new BlockChecks(minimumLength, isFull: true) };
        }

        if (minimumLength < SmallestPooledBytes || minimumLength > _maxBlockLength)
        {
            byte[] plain = minimumLength == 0 ? [] : GC.AllocateUninitializedArray<byte>(minimumLength);
            return new PlainBlock(this, plain) { Checks = CreateChecks(minimumLength) };
        }

        int length = SizeClass.LengthFor(minimumLength);
        PooledBlock block = TakeFree(SizeClass.IndexOf(length)) ?? Create(length);
        block.Checks = CreateChecks(length);
        return block;
    }

    /// <summary>Takes a block whose last handle is gone.</summary>
    internal void Return(PooledBlock block)
    {
        PoolShard shard = EnterShard();
        shard.RentedBytes -= block.HeldBytes;
        bool isKept = _quarantine is null && shard.SlackBytes >= block.HeldBytes;
        if (isKept)
        {
            shard.Add(block);
        }

        shard.Exit();
        if (!isKept && TryLease(block.HeldBytes))
        {
            Keep(block);
        }
    }

    /// <summary>Takes the mapping of a block whose last handle is gone.</summary>
    internal void Return(GuardedMemory guarded)
    {
        Interlocked.Add(ref _guardedBytes, -guarded.MappedBytes);
        _quarantine!.Add(guarded);
    }

    /// <summary>Stops counting a block that leaves for the garbage collector.</summary>
    internal void Forget(PooledBlock block) => CountRented(-block.HeldBytes);

    private PooledBlock? TakeFree(int classIndex)
    {
        int first = FirstShard();
        for (int step = 0; step < _shards.Length; step++)
        {
            // A block that another core gave back is still cheaper than a new one.
            PoolShard shard = _shards[(first + step) & (_shards.Length - 1)];
            if (!shard.MayHave(classIndex))
            {
                continue;
            }

            shard.Enter();
            PooledBlock? block = shard.TryRent(classIndex);
            shard.Exit();
            if (block is not null)
            {
                if (_quarantine is not null)
                {
                    Quarantine.Verify(block);
                }

                block.Revive();
                return block;
            }
        }

        return null;
    }

    private PooledBlock Create(int length)
    {
        PooledBlock block = PooledBlock.Create(this, length);
        CountRented(block.HeldBytes);
        return block;
    }

    private void CountRented(long bytes)
    {
        PoolShard shard = EnterShard();
        shard.RentedBytes += bytes;
        shard.Exit();
    }

    /// <summary>Keeps a free block whose bytes were just leased.</summary>
    private void Keep(PooledBlock block)
    {
        PooledBlock? free = _quarantine is null ? block : _quarantine.Exchange(block);
        if (free is not null)
        {
            PoolShard shard = EnterShard();
            shard.LeasedBytes += free.HeldBytes;
            shard.Add(free);
            shard.Exit();
        }
    }

    // Leased before the block is within reach of a renter, so what is held never exceeds the budget.
    private bool TryLease(long bytes)
    {
        if (TryLeaseFree(bytes))
        {
            return true;
        }

        foreach (PoolShard shard in _shards)
        {
            shard.Enter();
            long slackBytes = shard.TakeSlack();
            shard.Exit();
            Interlocked.Add(ref _leasedBytes, -slackBytes);
        }

        return TryLeaseFree(bytes);
    }

    private bool TryLeaseFree(long bytes)
    {
        long leased = Interlocked.Read(ref _leasedBytes);
        while (leased + bytes <= _maxRetainedBytes)
        {
            long seen = Interlocked.CompareExchange(ref _leasedBytes, leased + bytes, leased);
            if (seen == leased)
            {
                return true;
            }

            leased = seen;
        }

        return false;
    }

    private int FirstShard() => Thread.GetCurrentProcessorId() & (_shards.Length - 1);

    /// <summary>Goes into this core's shard, or another one where somebody is in there.</summary>
    private PoolShard EnterShard()
    {
        int first = FirstShard();
        for (int step = 0; step < _shards.Length; step++)
        {
            PoolShard shard = _shards[(first + step) & (_shards.Length - 1)];
            if (shard.TryEnter())
            {
                return shard;
            }
        }

        _shards[first].Enter();
        return _shards[first];
    }

    /// <summary>A count of all shards at one moment.</summary>
    private long Sum(Func<PoolShard, long> count)
    {
        long sum = 0;
        foreach (PoolShard shard in _shards)
        {
            shard.Enter();
            sum += count(shard);
        }

        foreach (PoolShard shard in _shards)
        {
            shard.Exit();
        }

        return sum;
    }

    private BlockChecks? CreateChecks(int length) => Checks switch
    {
        BufferChecks.None => null,
        BufferChecks.Sampled => Interlocked.Increment(ref _rentCount) % SampleEvery == 0
            ? new BlockChecks(length, isFull: false)
            : null,
        _ => new BlockChecks(length, isFull: true),
    };

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
