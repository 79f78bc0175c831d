using System;
using System.Linq;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes;

public class BufferBuilderTests
{
    [Fact]
    public void The_head_of_a_split_cannot_write_over_the_tail()
    {
        BufferBuilder tail = new(70_000, BufferAllocator.CreatePool(1 << 20, 1 << 20));
        tail.Write([1, 2, 3, 4]);
        BufferBuilder head = tail.SplitTo(2);
        Assert.Equal(2, head.Capacity);
        head.Write([9, 9]);
        tail.Write([5]);
        Assert.Equal([1, 2, 9, 9], head.Span.ToArray());
        Assert.Equal([3, 4, 5], tail.Span.ToArray());
        BufferSlice frozen = head.SplitTo(1).Freeze();
        head.Clear();
        head.Write([7, 7, 7]);
        Assert.Equal([1], frozen.Span.ToArray());
    }

    [Fact]
    public void Consumed_room_is_used_again_once_nobody_shares_the_block()
    {
        BufferBuilder builder = new(66_000, BufferAllocator.CreatePool(1 << 20, 1 << 20));
        int capacity = builder.Capacity;
        builder.Resize(capacity, 1);
        BufferBuilder head = builder.SplitTo(capacity - 10);
        head.Dispose();
        builder.Reserve(1000);
        Assert.Equal(capacity, builder.Capacity);
        Assert.Equal(Enumerable.Repeat((byte)1, 10), builder.Span.ToArray());
    }

    [Fact]
    public void A_frozen_or_disposed_builder_is_unusable_and_misuse_is_refused()
    {
        BufferBuilder builder = new();
        Assert.Equal(0, builder.Span.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Advance(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Consume(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.SplitTo(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Reserve(-1));
        builder.Write([1]);
        Assert.Throws<InvalidOperationException>(() => builder.Reserve(int.MaxValue));
        using BufferSlice slice = builder.Freeze();
        Assert.Equal([1], slice.Span.ToArray());
        Assert.Throws<ObjectDisposedException>(() => builder.Write([1]));
        Assert.Throws<ObjectDisposedException>(() => builder.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => builder.Freeze());
        builder.Dispose();
        Assert.Equal([1], slice.Span.ToArray());
        Assert.Same(BufferSlice.Empty, new BufferBuilder().Freeze());
    }

    [Fact]
    public void A_unique_block_gives_its_room_back_without_another_block()
    {
        BufferAllocator pool = BufferAllocator.CreatePool(1 << 20, 1 << 20);
        using BufferBuilder builder = new(70_000, pool);
        int whole = builder.Capacity;
        long rented = pool.RentedBytes;
        builder.Resize(whole, 3);
        BufferBuilder head = builder.SplitTo(whole - 100);
        BufferSlice frozen = head.Freeze();
        Assert.False(builder.TryReclaim(1), "the frozen head still holds the block");
        Assert.Equal(100, builder.Capacity);
        frozen.Dispose();
        Assert.True(builder.TryReclaim(whole - 100));
        Assert.Equal(whole, builder.Capacity);
        Assert.False(builder.TryReclaim(whole - 99));
        Assert.False(builder.TryReclaim(int.MaxValue));
        Assert.Equal(rented, pool.RentedBytes);
        Assert.Equal(Enumerable.Repeat((byte)3, 100), builder.Span.ToArray());
    }

    [Fact]
    public void Moving_to_the_front_pays_only_where_it_frees_as_much_as_it_copies()
    {
        BufferBuilder builder = new(64);
        builder.Resize(64, 1);
        builder.Consume(31);
        Assert.False(builder.TryReclaim(1));
        builder.Consume(1);
        Assert.True(builder.TryReclaim(32));
        Assert.Equal(64, builder.Capacity);
    }

    [Fact]
    public void A_shared_block_is_left_for_one_of_its_size_up_to_64_KiB()
    {
        foreach ((int capacity, int expected) in new[] { (1000, 1000), (128 << 10, 64 << 10), (32, 64) })
        {
            BufferBuilder builder = new(capacity);
            builder.Resize(builder.Capacity);
            using BufferSlice frozen = builder.SplitTo(builder.Length).Freeze();
            builder.Write([1]);
            Assert.Equal(expected, builder.Capacity);
            builder.Resize(builder.Capacity);
            builder.Write([1]);
            Assert.Equal(2 * expected, builder.Capacity);
        }
    }

    [Fact]
    public void A_unique_slice_is_adopted_by_an_empty_builder_and_copied_by_another()
    {
        BufferAllocator pool = BufferAllocator.CreatePool(1 << 20, 1 << 20);
        BufferSlice unique = BufferSlice.CopyFrom(new byte[70_000], pool);
        ReadOnlyMemory<byte> memory = unique.Memory;
        using BufferBuilder builder = new();
        builder.Write(unique);
        Assert.True(builder.Span.Overlaps(memory.Span, out int offset) && offset == 0);
        Assert.True(builder.Capacity > 70_000);
        Assert.Throws<ObjectDisposedException>(() => unique.Length + unique.Span.Length);

        BufferSlice other = BufferSlice.CopyFrom([7, 8]);
        using BufferSlice shared = other.Retain();
        builder.Write(other);
        Assert.Equal([7, 8], builder.Span[70_000..].ToArray());
        Assert.True(shared.IsUnique);
    }

    [Fact]
    public void What_somebody_took_out_as_plain_memory_is_never_written_again()
    {
        BufferBuilder builder = new(100);
        builder.Write([1, 2, 3]);
        ReadOnlyMemory<byte> taken = builder.SplitTo(3).Freeze().DetachFromPool();
        builder.Clear();
        builder.Write([9, 9, 9, 9]);
        Assert.False(builder.TryReclaim(97));
        Assert.Equal([1, 2, 3], taken.ToArray());
    }
}
