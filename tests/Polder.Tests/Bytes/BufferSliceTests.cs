using System;
using System.Buffers;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes;

public class BufferSliceTests
{
    [Fact]
    public void A_part_holds_the_block_after_the_whole_is_gone()
    {
        BufferAllocator pool = BufferAllocator.CreatePool(1 << 20, 1 << 20);
        byte[] source = [.. Enumerable.Range(0, 70_000).Select(index => (byte)index)];
        BufferSlice whole = BufferSlice.CopyFrom(source, pool);
        Assert.True(whole.IsUnique);
        BufferSlice part = whole.RetainSlice(1000, 50);
        Assert.False(whole.IsUnique);
        whole.Dispose();
        whole.Dispose();
        Assert.Equal(source.AsSpan(1000, 50), part.Span);
        Assert.True(part.IsUnique);
        Assert.NotEqual(0, pool.RentedBytes);
        part.Dispose();
        part.Dispose();
        Assert.Equal(0, pool.RentedBytes);
        Assert.Throws<ObjectDisposedException>(() => part.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => part.Retain());
    }

    [Fact]
    public void An_empty_part_holds_nothing()
    {
        BufferAllocator pool = BufferAllocator.CreatePool(1 << 20, 1 << 20);
        BufferSlice whole = BufferSlice.CopyFrom(new byte[70_000], pool);
        BufferSlice empty = whole.RetainSlice(70_000, 0);
        whole.Dispose();
        Assert.Equal(0, pool.RentedBytes);
        Assert.Equal(0, empty.Span.Length);
        BufferSlice.Empty.Dispose();
        Assert.Equal(0, BufferSlice.Empty.Retain().Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => BufferSlice.Wrap(new byte[3]).RetainSlice(2, 2));
    }

    [Fact]
    public void Slices_are_equal_by_contents()
    {
        using BufferSlice left = BufferSlice.Wrap(new byte[] { 9, 1, 2 }).RetainSlice(1, 2);
        using BufferSlice right = BufferSlice.CopyFrom([1, 2]);
        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.NotEqual(left, BufferSlice.Empty);
    }

    [Fact]
    public void Foreign_memory_is_disposed_once_with_the_last_handle_and_copied_when_detached()
    {
        CountingOwner owner = new();
        BufferSlice slice = BufferSlice.FromOwner(owner, 2, 5);
        BufferSlice other = slice.Retain();
        Assert.False(other.IsUnique);
        slice.Dispose();
        Assert.Equal(0, owner.DisposeCount);
        ReadOnlyMemory<byte> memory = other.DetachFromPool();
        Assert.Equal(1, owner.DisposeCount);
        owner.Memory.Span.Clear();
        Assert.Equal([2, 3, 4, 5, 6], memory.ToArray());
    }

    [Fact]
    public async Task A_race_of_retain_and_dispose_gives_a_live_handle_or_says_that_it_is_gone()
    {
        BufferAllocator pool = BufferAllocator.CreatePool(1 << 20, 1 << 20);
        for (int round = 0; round < 300; round++)
        {
            BufferSlice slice = BufferSlice.CopyFrom(Enumerable.Repeat((byte)round, 66_000).ToArray(), pool);
            using Barrier start = new(3);
            int failures = 0;
            Task[] racers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
            {
                start.SignalAndWait();
                for (int attempt = 0; attempt < 20; attempt++)
                {
                    try
                    {
                        using BufferSlice mine = slice.Retain();
                        failures += mine.Span.ContainsAnyExcept((byte)round) ? 1 : 0;
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }
                }
            }))];
            start.SignalAndWait();
            slice.Dispose();
            await Task.WhenAll(racers);
            Assert.Equal(0, failures);
            Assert.Equal(0, pool.RentedBytes);
        }
    }

    private sealed class CountingOwner : IMemoryOwner<byte>
    {
        public int DisposeCount { get; private set; }

        public Memory<byte> Memory { get; } = new byte[] { 0, 1, 2, 3, 4, 5, 6, 7 };

        public void Dispose() => DisposeCount++;
    }
}
