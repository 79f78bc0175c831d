using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes;

public class BufferAllocatorTests
{
    [Fact]
    public void A_block_is_at_least_as_long_as_asked_for_and_wastes_at_most_a_quarter()
    {
        Random random = new(4);
        int[] lengths = [4096, 4097, 65536, 65537, 81920, 81921, (1 << 30) - 1, 1 << 30,
            .. Enumerable.Range(0, 2000).Select(_ => random.Next(4096, 1 << random.Next(13, 31)))];
        foreach (int length in lengths)
        {
            int classLength = SizeClass.LengthFor(length);
            Assert.InRange(classLength, length, length + (length / 4) + 1);
            Assert.Equal(classLength, SizeClass.LengthFor(classLength));
        }
    }

    [Fact]
    public void Blocks_are_counted_while_rented_and_reused_when_returned()
    {
        BufferAllocator pool = BufferAllocator.CreatePool(1 << 20, 1 << 20);
        BufferBlock first = pool.Rent(100_000);
        Assert.Equal(0, AddressOf(first) % 64);
        Assert.True(pool.RentedBytes >= 100_000);
        Assert.Equal(0, pool.RetainedBytes);
        byte[] array = first.Array!;
        first.Release();
        Assert.Equal(0, pool.RentedBytes);
        Assert.True(pool.RetainedBytes >= 100_000);

        BufferBlock second = pool.Rent(99_000);
        Assert.Same(array, second.Array);
        Assert.Equal(0, AddressOf(second) % 64);
        Assert.Equal(0, pool.RetainedBytes);
        second.Release();
        pool.Trim();
        Assert.Equal(0, pool.RetainedBytes);
    }

    [Fact]
    public void Small_and_over_large_blocks_are_plain_arrays()
    {
        BufferAllocator pool = BufferAllocator.CreatePool(1 << 20, 1 << 17);
        foreach (int length in new[] { 0, 1, 4095, (1 << 17) + 1 })
        {
            BufferBlock block = pool.Rent(length);
            Assert.Equal(length, block.Memory.Length);
            Assert.Equal(0, pool.RentedBytes);
            block.Release();
            Assert.Equal(0, pool.RetainedBytes);
        }
    }

    [Fact]
    public void What_is_kept_stays_within_the_budget()
    {
        BufferAllocator pool = BufferAllocator.CreatePool(300_000, 1 << 20);
        BufferBlock[] blocks = [.. Enumerable.Range(0, 10).Select(_ => pool.Rent(100_000))];
        foreach (BufferBlock block in blocks)
        {
            block.Release();
            Assert.True(pool.RetainedBytes <= 300_000);
        }

        Assert.Equal(0, pool.RentedBytes);
        Assert.True(pool.RetainedBytes >= 200_000);
    }

    [Fact]
    public void A_handle_of_an_earlier_life_gets_nothing_of_a_block_in_use_again()
    {
        BufferAllocator pool = BufferAllocator.CreatePool(1 << 20, 1 << 20);
        BufferBlock block = pool.Rent(100_000);
        int earlier = block.Life;
        block.Release();
        Assert.False(block.TryRetain(earlier));
        Assert.Same(block, pool.Rent(100_000));
        Assert.False(block.TryRetain(earlier));
        Assert.True(block.IsUnique);
        Assert.True(block.TryRetain(block.Life));
        block.Release();
        block.Release();
        Assert.Equal(0, pool.RentedBytes);
    }

    [Fact]
    public async Task The_whole_budget_serves_whichever_thread_gives_back()
    {
        BufferAllocator pool = BufferAllocator.CreatePool(1_000_000, 1 << 20);
        for (int round = 0; round < 20; round++)
        {
            int length = round % 2 == 0 ? 100_000 : 60_000;
            BufferBlock[] blocks = [.. Enumerable.Range(0, 20).Select(_ => pool.Rent(length))];
            await Task.WhenAll(blocks.Chunk(5).Select(part => Task.Run(() =>
                Array.ForEach(part, block => block.Release()))));
            Assert.InRange(pool.RetainedBytes, 800_000, 1_000_000);
            Assert.Equal(0, pool.RentedBytes);
            pool.Trim();
        }
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(20_000)]
    [InlineData(65_535)]
    public void Blocks_of_some_KiB_are_pooled_too(int length)
    {
        BufferAllocator pool = BufferAllocator.CreatePool(1 << 20, 1 << 20);
        BufferBlock block = pool.Rent(length);
        Assert.InRange(pool.RentedBytes, length, length * 5 / 4);
        byte[] array = block.Array!;
        block.Release();
        Assert.Same(array, pool.Rent(length).Array);
    }

    [Fact]
    public void A_detached_block_is_never_handed_out_again()
    {
        BufferAllocator pool = BufferAllocator.CreatePool(1 << 20, 1 << 20);
        BufferSlice slice = BufferSlice.CopyFrom(new byte[70_000], pool);
        BufferSlice other = slice.Retain();
        ReadOnlyMemory<byte> memory = slice.DetachFromPool();
        Assert.Equal(0, pool.RentedBytes);
        other.Dispose();
        Assert.Equal(0, pool.RetainedBytes);
        Assert.Equal(70_000, memory.Length);
        Assert.Throws<ObjectDisposedException>(() => slice.Memory);
    }

    [Fact]
    public async Task Threads_that_rent_write_share_and_return_never_meet_in_one_block()
    {
        BufferAllocator pool = BufferAllocator.CreatePool(4 << 20, 1 << 20);
        await Task.WhenAll(Enumerable.Range(1, 4).Select(seed => Task.Run(() => RentAndCheck(pool, seed))));
        Assert.Equal(0, pool.RentedBytes);
        Assert.True(pool.RetainedBytes <= 4 << 20);
    }

    private static void RentAndCheck(BufferAllocator pool, int seed)
    {
        Random random = new(seed);
        List<(BufferSlice Slice, byte Fill)> held = [];
        for (int round = 0; round < 2000; round++)
        {
            byte fill = (byte)random.Next(256);
            BufferBuilder builder = new(random.Next(65_536, 200_000), pool);
            builder.Resize(random.Next(1, 300), fill);
            held.Add((builder.Freeze(), fill));
            (BufferSlice slice, byte expected) = held[random.Next(held.Count)];
            Assert.False(slice.Span.ContainsAnyExcept(expected));
            if (random.Next(2) == 0)
            {
                held.Add((slice.Retain(), expected));
            }

            while (held.Count > 12)
            {
                int victim = random.Next(held.Count);
                held[victim].Slice.Dispose();
                held.RemoveAt(victim);
            }
        }

        held.ForEach(entry => entry.Slice.Dispose());
    }

    private static unsafe long AddressOf(BufferBlock block)
    {
        using System.Buffers.MemoryHandle handle = block.Memory.Pin();
        return (long)handle.Pointer;
    }
}
