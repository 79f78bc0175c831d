using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes;

/// <summary>Every capacity, length and index of small builders and slices.</summary>
public sealed class BufferGridTests
{
    private const int Largest = 24;

    [Fact]
    public void Splitting_at_every_index_keeps_bytes_addresses_and_the_sum_of_capacities()
    {
        for (int capacity = 1; capacity <= Largest; capacity++)
        {
            for (int length = 0; length <= capacity; length++)
            {
                for (int at = 0; at <= capacity; at++)
                {
                    CheckSplitOff(capacity, length, at);
                    if (at <= length)
                    {
                        CheckSplitTo(capacity, length, at);
                    }
                    else
                    {
                        using BufferBuilder builder = Make(capacity, length);
                        Assert.Throws<ArgumentOutOfRangeException>(() => builder.SplitTo(at));
                        Assert.Equal(length, builder.Length);
                    }
                }
            }
        }
    }

    [Fact]
    public void Consuming_lowers_the_capacity_and_freezing_keeps_the_place()
    {
        for (int capacity = 1; capacity <= Largest; capacity++)
        {
            for (int length = 0; length <= capacity; length++)
            {
                for (int count = 0; count <= length; count++)
                {
                    BufferBuilder builder = Make(capacity, length);
                    builder.Consume(count);
                    Assert.Equal(capacity - count, builder.Capacity);
                    using BufferSlice slice = builder.Freeze();
                    Assert.Equal(Numbers(count, length - count), slice.Span.ToArray());
                    if (slice.TryUnfreeze(out BufferBuilder? again))
                    {
                        Assert.Equal(capacity - count, again.Capacity);
                        Assert.Equal(Numbers(count, length - count), again.Span.ToArray());
                        again.Dispose();
                    }
                    else
                    {
                        Assert.Equal(0, slice.Length);
                    }
                }
            }
        }
    }

    [Fact]
    public void A_slice_is_split_at_every_index_and_every_part_of_it_is_found_again()
    {
        byte[] bytes = Numbers(0, Largest);
        for (int at = 0; at <= Largest; at++)
        {
            BufferSlice slice = BufferSlice.CopyFrom(bytes);
            ref byte first = ref MemoryMarshal.GetReference(slice.Span);
            (BufferSlice head, BufferSlice tail) = slice.SplitAt(at);
            Assert.Equal(bytes[..at], head.Span.ToArray());
            Assert.Equal(bytes[at..], tail.Span.ToArray());
            Assert.True(at == 0 || Unsafe.AreSame(ref first, ref MemoryMarshal.GetReference(head.Span)));
            Assert.Throws<ObjectDisposedException>(() => slice.Span.Length);
            head.Dispose();
            Assert.True(at == Largest || tail.IsUnique);
            tail.Dispose();
        }

        using BufferSlice whole = BufferSlice.CopyFrom(bytes);
        for (int start = 0; start < Largest; start++)
        {
            for (int end = start + 1; end <= Largest; end++)
            {
                Assert.True(whole.TryRetainSubset(whole.Span[start..end], out BufferSlice? part));
                Assert.Equal(bytes[start..end], part.Span.ToArray());
                Assert.True(part.TryRetainSubset(whole.Span[start..end], out BufferSlice? same));
                Assert.False(end < Largest && part.TryRetainSubset(whole.Span[start..(end + 1)], out _));
                Assert.False(start > 0 && part.TryRetainSubset(whole.Span[(start - 1)..end], out _));
                same.Dispose();
                part.Dispose();
            }
        }

        Assert.True(whole.TryRetainSubset([], out BufferSlice? empty));
        Assert.Same(BufferSlice.Empty, empty);
        Assert.False(whole.TryRetainSubset(bytes.AsSpan(1, 2), out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => whole.SplitAt(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => whole.SplitAt(Largest + 1));
        Assert.Equal(bytes, whole.Span.ToArray());
    }

    [Fact]
    public void Parts_that_do_not_lie_one_behind_the_other_are_not_joined()
    {
        using BufferBuilder first = Make(20, 20);
        using BufferBuilder second = first.SplitOff(10);
        using BufferBuilder third = second.SplitOff(5);
        Assert.False(first.TryUnsplit(third));
        Assert.False(second.TryUnsplit(first));
        Assert.False(first.TryUnsplit(first));
        using BufferBuilder stranger = Make(20, 20);
        Assert.False(first.TryUnsplit(stranger));
        Assert.True(first.TryUnsplit(second));
        Assert.Throws<ObjectDisposedException>(() => first.TryUnsplit(second));
        Assert.True(first.TryUnsplit(third));
        Assert.Equal(Numbers(0, 20), first.Span.ToArray());
        Assert.True(first.TryUnsplit(new BufferBuilder()));

        BufferBuilder empty = new();
        Assert.True(empty.TryUnsplit(stranger));
        Assert.Equal(20, empty.Length);
    }

    private static void CheckSplitOff(int capacity, int length, int at)
    {
        using BufferBuilder head = Make(capacity, length);
        ref byte first = ref MemoryMarshal.GetReference(head.Span);
        BufferBuilder tail = head.SplitOff(at);
        Assert.Equal(at, head.Capacity);
        Assert.Equal(capacity - at, tail.Capacity);
        Assert.Equal(Numbers(0, int.Min(at, length)), head.Span.ToArray());
        Assert.Equal(Numbers(at, int.Max(0, length - at)), tail.Span.ToArray());
        Assert.True(Unsafe.AreSame(ref first, ref MemoryMarshal.GetReference(head.Span)));
        Assert.True(Unsafe.AreSame(ref Unsafe.Add(ref first, at), ref MemoryMarshal.GetReference(tail.Span)));
        Join(head, tail, capacity, length, ref first);
    }

    private static void CheckSplitTo(int capacity, int length, int at)
    {
        BufferBuilder tail = Make(capacity, length);
        ref byte first = ref MemoryMarshal.GetReference(tail.Span);
        using BufferBuilder head = tail.SplitTo(at);
        Assert.Equal(at, head.Capacity);
        Assert.Equal(capacity - at, tail.Capacity);
        Assert.Equal(Numbers(0, at), head.Span.ToArray());
        Assert.Equal(Numbers(at, length - at), tail.Span.ToArray());
        Join(head, tail, capacity, length, ref first);
    }

    private static void Join(BufferBuilder head, BufferBuilder tail, int capacity, int length, ref byte first)
    {
        Assert.True(head.TryUnsplit(tail));
        Assert.Equal(capacity, head.Capacity);
        Assert.Equal(Numbers(0, length), head.Span.ToArray());
        Assert.True(Unsafe.AreSame(ref first, ref MemoryMarshal.GetReference(head.Span)));
        Assert.True(head.TryReclaim(capacity - length));
    }

    private static BufferBuilder Make(int capacity, int length)
    {
        BufferBuilder builder = new(capacity);
        builder.Write(Numbers(0, length));
        Assert.Equal(capacity, builder.Capacity);
        return builder;
    }

    private static byte[] Numbers(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(number => (byte)number)];
}
