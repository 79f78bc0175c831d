using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes;

public class BufferBuilderTests
{
    [Fact]
    public void A_script_of_operations_equals_lists_of_bytes_and_every_block_goes_back()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            BufferAllocator pool = BufferAllocator.CreatePool(1 << 20, 1 << 20);
            Random random = new(seed);
            List<(BufferBuilder Builder, List<byte> Model)> builders = [(new BufferBuilder(70_000, pool), [])];
            List<(BufferSlice Slice, byte[] Model)> slices = [];
            for (int step = 0; step < 300; step++)
            {
                Step(random, pool, builders, slices);
                foreach ((BufferBuilder builder, List<byte> model) in builders)
                {
                    Assert.True(builder.Span.SequenceEqual(model.ToArray()), $"seed {seed}, step {step}");
                    Assert.True(builder.Capacity >= builder.Length);
                }

                Assert.All(slices, entry => Assert.True(entry.Slice.Span.SequenceEqual(entry.Model)));
            }

            builders.ForEach(entry => entry.Builder.Dispose());
            slices.ForEach(entry => entry.Slice.Dispose());
            Assert.Equal(0, pool.RentedBytes);
        }
    }

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

    private static void Step(
        Random random, BufferAllocator pool, List<(BufferBuilder Builder, List<byte> Model)> builders,
        List<(BufferSlice Slice, byte[] Model)> slices)
    {
        int chosen = random.Next(builders.Count);
        (BufferBuilder builder, List<byte> model) = builders[chosen];
        switch (random.Next(11))
        {
            case 0 or 1:
                byte[] written = new byte[random.Next(0, 2000)];
                random.NextBytes(written);
                builder.Write(written);
                model.AddRange(written);
                break;
            case 2:
                Span<byte> span = builder.GetSpan(random.Next(0, 100));
                int advanced = random.Next(0, int.Min(span.Length, 50));
                span[..advanced].Fill(0xEE);
                builder.Advance(advanced);
                model.AddRange(Enumerable.Repeat((byte)0xEE, advanced));
                break;
            case 3:
                int consumed = random.Next(0, model.Count + 1);
                builder.Consume(consumed);
                model.RemoveRange(0, consumed);
                break;
            case 4:
                int index = random.Next(0, model.Count + 1);
                builders.Add((builder.SplitTo(index), model[..index]));
                model.RemoveRange(0, index);
                break;
            case 5:
                int length = random.Next(0, 3000);
                builder.Resize(length, 0x77);
                builders[chosen] = (builder,
                    [.. model.Take(length), .. Enumerable.Repeat((byte)0x77, int.Max(0, length - model.Count))]);
                break;
            case 6:
                builder.Reserve(random.Next(0, 80_000));
                break;
            case 7:
                builder.Clear();
                model.Clear();
                break;
            case 8:
                slices.Add((builder.Freeze(), model.ToArray()));
                builders[chosen] = (new BufferBuilder(random.Next(2) * 70_000, pool), []);
                break;
            case 9 when slices.Count > 0:
                int part = random.Next(slices.Count);
                int start = random.Next(0, slices[part].Model.Length + 1);
                slices.Add((slices[part].Slice.RetainSlice(start, slices[part].Model.Length - start),
                    slices[part].Model[start..]));
                break;
            default:
                if (slices.Count > 0)
                {
                    slices[0].Slice.Dispose();
                    slices.RemoveAt(0);
                }

                if (builders.Count > 1)
                {
                    builders[^1].Builder.Dispose();
                    builders.RemoveAt(builders.Count - 1);
                }

                break;
        }
    }
}
