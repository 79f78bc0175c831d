using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes;

public class GatherTests
{
    [Fact]
    public void Gathered_values_are_those_at_the_indexes_and_default_where_missing()
    {
        Random random = new(23);
        int[] source = [.. Enumerable.Range(0, 50).Select(_ => random.Next(1, int.MaxValue))];
        for (int count = 0; count < 80; count++)
        {
            int[] indexes = [.. Enumerable.Range(0, count).Select(_ => random.Next(-1, source.Length))];
            int[] expected = [.. indexes.Select(index => index < 0 ? 0 : source[index])];
            int[] gathered = new int[count + 1];
            Gather.Values<int>(source, indexes, gathered);
            Assert.Equal([.. expected, 0], gathered);
            byte[] items = new byte[count * 4];
            Gather.Items(ByteCast.ToBytes<int>(source), 4, indexes, items);
            Assert.Equal(expected, ByteCast.As<int>(items.AsSpan()).ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(33)]
    [InlineData(70)]
    public void Gathered_ranges_equal_the_naive_copy_at_every_length_and_stay_inside(int maxLength)
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            int rangeCount = random.Next(1, 30);
            int[] offsets = new int[rangeCount + 1];
            for (int range = 0; range < rangeCount; range++)
            {
                offsets[range + 1] = offsets[range] + random.Next(0, maxLength + 1);
            }

            byte[] source = new byte[offsets[^1]];
            random.NextBytes(source);
            int[] indexes = [.. Enumerable.Range(0, random.Next(0, 40)).Select(_ => random.Next(-1, rangeCount))];
            List<byte> expected = [];
            List<int> expectedIndexes = [];
            List<int> ends = [0];
            foreach (int index in indexes)
            {
                if (index >= 0)
                {
                    expected.AddRange(source[offsets[index]..offsets[index + 1]]);
                    expectedIndexes.AddRange(Enumerable.Range(offsets[index], offsets[index + 1] - offsets[index]));
                }

                ends.Add(expected.Count);
            }

            int[] gatheredOffsets = new int[indexes.Length + 1];
            int total = Gather.Offsets(offsets, indexes, gatheredOffsets);
            Assert.Equal(ends, gatheredOffsets);

            // Bytes beyond the destination must keep their value.
            byte[] guarded = [.. Enumerable.Repeat((byte)0xA5, total + 64)];
            Gather.Ranges(source, offsets, indexes, guarded.AsSpan(0, total));
            Assert.Equal(expected, guarded.Take(total));
            Assert.All(guarded.Skip(total), canary => Assert.Equal(0xA5, canary));

            int[] elements = new int[total];
            Gather.RangeIndexes(offsets, indexes, elements);
            Assert.Equal(expectedIndexes, elements);
        }
    }

    [Fact]
    public void An_index_outside_the_source_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Gather.Values<int>([1, 2], [2], new int[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gather.Values<int>([1, 2], [-2], new int[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gather.Items([1, 2], 2, [1], new byte[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gather.Offsets([0, 1], [1], new int[2]));
        Assert.Throws<InvalidOperationException>(
            () => Gather.Offsets([0, int.MaxValue], [0, 0, 0], new int[4]));
    }
}
