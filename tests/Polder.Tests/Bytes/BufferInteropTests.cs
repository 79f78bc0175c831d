using System;
using System.Buffers;
using System.Linq;
using Apache.Arrow;
using Apache.Arrow.Memory;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes;

/// <summary>The base library's and Arrow's types, in and out.</summary>
public sealed class BufferInteropTests
{
    private readonly BufferAllocator _pool = BufferAllocator.CreatePool(1 << 20, 1 << 20);

    [Fact]
    public void A_memory_pool_rents_the_allocators_blocks_and_an_owner_gives_back_once()
    {
        using MemoryPool<byte> memoryPool = _pool.AsMemoryPool();
        IMemoryOwner<byte> owner = memoryPool.Rent(100_000);
        Assert.True(owner.Memory.Length >= 100_000);
        Assert.NotEqual(0, _pool.RentedBytes);
        owner.Dispose();
        owner.Dispose();
        Assert.Equal(0, _pool.RentedBytes);
        Assert.Throws<ObjectDisposedException>(() => owner.Memory.Length);
        Assert.True(memoryPool.Rent().Memory.Length > 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => memoryPool.Rent(-2));
    }

    [Fact]
    public void A_slice_of_an_owner_gives_the_owner_back_also_when_the_range_is_wrong()
    {
        using MemoryPool<byte> memoryPool = _pool.AsMemoryPool();
        BufferSlice slice = BufferSlice.FromOwner(memoryPool.Rent(100_000), 10, 20);
        Assert.False(slice.IsUnique || slice.TryUnfreeze(out _));
        Assert.Equal(20, slice.Length);
        slice.Dispose();
        Assert.Equal(0, _pool.RentedBytes);
        Assert.Throws<ArgumentOutOfRangeException>(() => BufferSlice.FromOwner(memoryPool.Rent(100_000), 0, 1 << 20));
        Assert.Equal(0, _pool.RentedBytes);
    }

    [Fact]
    public void An_arrow_buffer_comes_in_and_goes_out_without_a_copy()
    {
        BufferSlice slice = BufferSlice.CopyFrom(new byte[70_000], _pool);
        ReadOnlyMemory<byte> memory = slice.Memory;
        ArrowBuffer buffer = slice.ToArrowBuffer();
        Assert.True(buffer.Span.Overlaps(memory.Span, out int offset) && offset == 0);
        Assert.Equal(0, _pool.RentedBytes);
        Assert.Throws<ObjectDisposedException>(() => slice.Memory.Length);
        using BufferSlice back = buffer.ToBufferSlice();
        Assert.True(back.Span.Overlaps(memory.Span, out offset) && offset == 0);
        Assert.False(back.IsUnique);
        Assert.Equal(0, _pool.RetainedBytes);
    }

    [Fact]
    public void Arrows_builders_can_use_our_blocks_and_nothing_is_recycled_under_them()
    {
        MemoryAllocator allocator = _pool.AsArrowAllocator();
        Int64Array array = new Int64Array.Builder()
            .AppendRange(Enumerable.Range(0, 20_000).Select(number => (long)number))
            .Build(allocator);
        Assert.Equal(19_999, array.GetValue(19_999));
        Assert.Equal(0, _pool.RentedBytes);
        array.Dispose();
        Assert.Equal(0, _pool.RetainedBytes);
    }

    [Fact]
    public void Compacting_copies_only_what_holds_much_more_than_itself()
    {
        BufferSlice whole = BufferSlice.CopyFrom(new byte[70_000], _pool);
        BufferSlice part = whole.RetainSlice(5, 1000);
        BufferSlice kept = whole.Compact();
        Assert.Throws<ObjectDisposedException>(() => whole.Span.Length);
        Assert.True(kept.Span.Overlaps(part.Span));
        BufferSlice copy = part.Compact();
        Assert.Equal(1000, copy.Length);
        Assert.True(kept.IsUnique);
        kept.Dispose();
        Assert.Equal(0, _pool.RentedBytes);
        byte[] array = new byte[1000];
        Assert.False(BufferSlice.Wrap(array.AsMemory(0, 10)).Compact().Span.Overlaps(array));
        Assert.True(BufferSlice.Wrap(array.AsMemory(0, 600)).Compact().Span.Overlaps(array));
        Assert.Same(BufferSlice.Empty, BufferSlice.Empty.Compact());
    }

    [Fact]
    public void Slices_compare_as_unsigned_bytes()
    {
        using BufferSlice small = BufferSlice.CopyFrom([1, 200]);
        using BufferSlice large = BufferSlice.CopyFrom([1, 201]);
        Assert.True(small.CompareTo(large) < 0 && large.CompareTo(small) > 0 && small.CompareTo(null) > 0);
        Assert.Equal(0, small.CompareTo(BufferSlice.Wrap(new byte[] { 1, 200 })));
    }
}
