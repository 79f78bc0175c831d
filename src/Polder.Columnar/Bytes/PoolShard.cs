using System;
using System.Threading;

namespace Polder.Bytes;

/// <summary>
/// The part of a pool that one core uses: free blocks by class, and its share of the counts. Whoever touches anything
/// in it is inside, between <see cref="TryEnter"/> and <see cref="Exit"/>, for some nanoseconds, and allocates nothing
/// there.
/// </summary>
internal sealed class PoolShard
{
    private readonly PooledBlock?[] _free = new PooledBlock?[SizeClass.Count];
    private int _isTaken;

    /// <summary>Bytes rented here less bytes returned here; only the sum over all shards means something.</summary>
    public long RentedBytes { get; set; }

    /// <summary>Bytes of free blocks.</summary>
    public long RetainedBytes { get; private set; }

    /// <summary>Bytes of the pool's budget that this shard may retain; at least <see cref="RetainedBytes"/>.</summary>
    public long LeasedBytes { get; set; }

    /// <summary>What may be retained beyond what is.</summary>
    public long SlackBytes => LeasedBytes - RetainedBytes;

    /// <summary>Goes inside unless somebody is.</summary>
    public bool TryEnter() => _isTaken == 0 && Interlocked.CompareExchange(ref _isTaken, 1, 0) == 0;

    /// <summary>Goes inside, waiting for whoever is.</summary>
    public void Enter()
    {
        SpinWait wait = default;
        while (!TryEnter())
        {
            wait.SpinOnce();
        }
    }

    /// <summary>Leaves.</summary>
    public void Exit() => Volatile.Write(ref _isTaken, 0);

    /// <summary>Whether there seems to be a free block of a class; asked from outside.</summary>
    public bool MayHave(int classIndex) => Volatile.Read(ref _free[classIndex]) is not null;

    /// <summary>Takes a free block out, the one that came last, and counts it as rented.</summary>
    public PooledBlock? TryRent(int classIndex)
    {
        PooledBlock? block = _free[classIndex];
        if (block is not null)
        {
            _free[classIndex] = block.Next;
            RetainedBytes -= block.HeldBytes;
            RentedBytes += block.HeldBytes;
        }

        return block;
    }

    /// <summary>Puts a free block in; its bytes are leased.</summary>
    public void Add(PooledBlock block)
    {
        block.IdleSince = 0;
        block.Next = _free[block.ClassIndex];
        _free[block.ClassIndex] = block;
        RetainedBytes += block.HeldBytes;
    }

    /// <summary>Gives up the lease on what is not retained.</summary>
    public long TakeSlack()
    {
        long slack = SlackBytes;
        LeasedBytes -= slack;
        return slack;
    }

    /// <summary>Moves out what has been free for as long.</summary>
    /// <param name="now">The clock.</param>
    /// <param name="idleMilliseconds">How long; 0 = everything.</param>
    /// <returns>The blocks, linked by <see cref="PooledBlock.Next"/>.</returns>
    public PooledBlock? TakeIdle(long now, long idleMilliseconds)
    {
        PooledBlock? taken = null;
        foreach (ref PooledBlock? head in new Span<PooledBlock?>(_free))
        {
            PooledBlock? block = head;
            PooledBlock? kept = null;
            head = null;
            while (block is not null)
            {
                PooledBlock? next = block.Next;
                if (block.IdleSince == 0)
                {
                    block.IdleSince = now;
                }

                ref PooledBlock? to = ref kept;
                if (now - block.IdleSince >= idleMilliseconds)
                {
                    RetainedBytes -= block.HeldBytes;
                    to = ref taken;
                }

                block.Next = to;
                to = block;
                block = next;
            }

            // Reversed twice: what was used last is first again.
            for (; kept is not null; kept = block)
            {
                block = kept.Next;
                kept.Next = head;
                head = kept;
            }
        }

        return taken;
    }
}
