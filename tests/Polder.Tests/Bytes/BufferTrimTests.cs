using System;
using System.Collections.Generic;
using System.Threading;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes;

public sealed class BufferTrimTests
{
    [Fact]
    public void What_was_free_for_long_enough_is_dropped_and_what_was_used_is_kept()
    {
        long now = 1;
        PooledBufferAllocator pool = new(10 << 20, 1 << 20, BufferChecks.None, () => now);
        BufferBlock[] blocks = [pool.Rent(100_000), pool.Rent(100_000), pool.Rent(500_000)];
        Array.ForEach(blocks, block => block.Release());
        long all = pool.RetainedBytes;
        pool.Trim(TimeSpan.FromSeconds(30));
        Assert.Equal(all, pool.RetainedBytes);
        now += 29_999;
        pool.Trim(TimeSpan.FromSeconds(30));
        Assert.Equal(all, pool.RetainedBytes);
        BufferBlock used = pool.Rent(100_000);
        now += 1;
        pool.Trim(TimeSpan.FromSeconds(30));
        Assert.Equal(0, pool.RetainedBytes);
        used.Release();
        Assert.NotEqual(0, pool.RetainedBytes);
        pool.Trim(TimeSpan.FromSeconds(30));
        Assert.NotEqual(0, pool.RetainedBytes);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Trim(TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public void After_full_collections_idle_blocks_go()
    {
        long now = 1;
        PooledBufferAllocator pool =
            new(10 << 20, 1 << 20, BufferChecks.None, () => Interlocked.Add(ref now, 40_000));
        pool.Rent(100_000).Release();
        Assert.NotEqual(0, pool.RetainedBytes);
        for (int round = 0; round < 20 && pool.RetainedBytes > 0; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(0, pool.RetainedBytes);
        GC.KeepAlive(pool);
    }

    [Fact]
    public void The_engine_trims_by_its_clock()
    {
        ManualClock clock = new();
        long now = 1;
        PooledBufferAllocator pool = new(10 << 20, 1 << 20, BufferChecks.None, () => now);
        Engine engine = new(new EngineOptions { Allocator = pool, Time = clock });
        pool.Rent(100_000).Release();
        clock.Tick();
        Assert.NotEqual(0, pool.RetainedBytes);
        now += 60_000;
        clock.Tick();
        Assert.Equal(0, pool.RetainedBytes);
        GC.KeepAlive(engine);
    }

    [Fact]
    public void The_budget_holds_while_threads_return_at_once()
    {
        const long budget = 1_000_000;
        PooledBufferAllocator pool = new(budget, 1 << 20);
        bool isOver = false;
        System.Threading.Tasks.Parallel.For(0, 4, _ =>
        {
            for (int round = 0; round < 3000; round++)
            {
                BufferBlock[] blocks = [pool.Rent(100_000), pool.Rent(300_000), pool.Rent(100_000)];
                Array.ForEach(blocks, block => block.Release());
                isOver |= pool.RetainedBytes > budget;
            }
        });
        Assert.False(isOver);
        Assert.Equal(0, pool.RentedBytes);
        pool.Trim();
        Assert.Equal(0, pool.RetainedBytes);
    }

    [Fact]
    public void A_size_has_one_class_and_classes_follow_each_other()
    {
        int length = 4 << 10;
        for (int index = SizeClass.IndexOf(length); length < 1 << 30; index++)
        {
            Assert.Equal(index, SizeClass.IndexOf(length));
            Assert.Equal(0, length % 64);
            length = SizeClass.LengthFor(length + 1);
        }

        Assert.Equal(SizeClass.Count - 1, SizeClass.IndexOf(length));
    }

    private sealed class ManualClock : TimeProvider
    {
        private readonly List<Action> _timers = [];

        public void Tick() => _timers.ForEach(timer => timer());

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Assert.True(period > TimeSpan.Zero && dueTime == period);
            _timers.Add(() => callback(state));
            return System.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
