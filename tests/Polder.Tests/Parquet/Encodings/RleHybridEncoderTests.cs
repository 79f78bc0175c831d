using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Bytes;
using Polder.Parquet.Encodings;
using Xunit;

namespace Polder.Tests.Parquet.Encodings;

/// <summary>The encoder against a decoder written from Encodings.md, one value at a time.</summary>
public sealed class RleHybridEncoderTests
{
    [Fact]
    public void Values_of_every_width_and_length_come_back()
    {
        Random random = new(1);
        for (int width = 1; width <= 32; width++)
        {
            for (int round = 0; round < 30; round++)
            {
                int[] values = Values(random, random.Next(0, 200), width);
                using BufferBuilder target = new();
                RleHybridEncoder.Encode(values, width, target);
                Assert.Equal(values, Decode(target.Span, width, values.Length));
            }
        }
    }

    [Fact]
    public void Levels_of_every_width_and_length_come_back()
    {
        Random random = new(2);
        for (int width = 1; width <= 8; width++)
        {
            for (int round = 0; round < 50; round++)
            {
                int[] values = Values(random, random.Next(0, 200), width);
                using BufferBuilder target = new();
                RleHybridEncoder.Encode(values.Select(value => (byte)value).ToArray(), width, target);
                Assert.Equal(values, Decode(target.Span, width, values.Length));
            }
        }
    }

    [Fact]
    public void Bits_of_every_length_come_back()
    {
        Random random = new(3);
        for (int count = 0; count < 300; count++)
        {
            int[] values = Values(random, count, 1);
            byte[] bits = new byte[Bitmap.SizeBytes(count)];
            for (int index = 0; index < count; index++)
            {
                if (values[index] == 1)
                {
                    Bitmap.Set(bits, index);
                }
            }

            using BufferBuilder target = new();
            RleHybridEncoder.EncodeBits(bits, count, target);
            Assert.Equal(values, Decode(target.Span, 1, count));
        }
    }

    [Fact]
    public void The_fast_packing_equals_the_reference()
    {
        Random random = new(4);
        for (int width = 1; width <= 32; width++)
        {
            int[] values = [.. Enumerable.Range(0, 64).Select(_ => Value(random, width))];
            byte[] fast = new byte[(width * 8) + BitPacker.SlackBytes];
            byte[] reference = new byte[fast.Length];
            BitPacker.Pack(values, width, fast);
            BitPacker.PackScalar(values, width, reference);
            Assert.Equal(reference.AsSpan(0, width * 8), fast.AsSpan(0, width * 8));
        }
    }

    [Fact]
    public void A_long_run_takes_a_few_bytes()
    {
        using BufferBuilder target = new();
        RleHybridEncoder.Encode(Enumerable.Repeat(5, 100_000).ToArray(), 3, target);
        Assert.True(target.Length <= 4);
    }

    private static int[] Values(Random random, int count, int width)
    {
        List<int> values = [];
        while (values.Count < count)
        {
            values.AddRange(Enumerable.Repeat(Value(random, width), random.Next(3) == 0 ? random.Next(1, 90) : 1));
        }

        return [.. values.Take(count)];
    }

    private static int Value(Random random, int width) => (int)(random.NextInt64() & ((1L << width) - 1));

    private static int[] Decode(ReadOnlySpan<byte> bytes, int width, int count)
    {
        List<int> values = [];
        int at = 0;
        while (values.Count < count)
        {
            uint header = 0;
            for (int shift = 0; ; shift += 7)
            {
                header |= (uint)(bytes[at] & 0x7F) << shift;
                if (bytes[at++] < 0x80)
                {
                    break;
                }
            }

            if ((header & 1) == 0)
            {
                int value = 0;
                for (int index = 0; index < (width + 7) / 8; index++)
                {
                    value |= bytes[at++] << (8 * index);
                }

                values.AddRange(Enumerable.Repeat(value, (int)(header >> 1)));
                continue;
            }

            int valueCount = (int)(header >> 1) * 8;
            for (int index = 0; index < valueCount; index++)
            {
                int value = 0;
                for (int bit = 0; bit < width; bit++)
                {
                    int position = (index * width) + bit;
                    value |= ((bytes[at + (position / 8)] >> (position % 8)) & 1) << bit;
                }

                values.Add(value);
            }

            at += (valueCount / 8) * width;
        }

        Assert.Equal(bytes.Length, at);
        return [.. values.Take(count)];
    }
}
