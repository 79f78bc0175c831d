using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes.Kernels;

/// <summary>Keeping by bitmap, and gathering by position, against value after value.</summary>
public sealed class FilterKernelTests
{
    private const int Seed = 83;
    private static readonly int[] Counts = [0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 129, 200, 513];
    private static readonly double[] Shares = [0, 0.02, 0.5, 0.9, 0.98, 1];

    private readonly Random _random = new(Seed);

    [Fact]
    public void Values_of_every_width_are_kept_where_the_bit_is_set()
    {
        foreach ((bool[] keep, int offset) in Cases())
        {
            Check(keep, offset, index => (byte)(index * 7));
            Check(keep, offset, index => (short)(index * 77));
            Check(keep, offset, index => index * 777);
            Check(keep, offset, index => index * 77_777L);
            Check(keep, offset, index => (float)index);
            Check(keep, offset, index => (double)index);
            Check(keep, offset, index => (Int128)index << 70);
        }
    }

    [Fact]
    public void All_patterns_of_a_word_half_keep_what_they_say()
    {
        long[] longs = [.. Enumerable.Range(0, 128).Select(index => (long)index)];
        int[] integers = [.. Enumerable.Range(0, 128)];
        long[] kept = new long[128];
        int[] found = new int[128];
        byte[] bits = new byte[16];
        for (int pattern = 0; pattern < 1 << 16; pattern++)
        {
            bits[_random.Next(0, 16)] = (byte)pattern;
            bits[_random.Next(0, 16)] = (byte)(pattern >> 8);
            int[] expected = [.. integers.Where(index => Bitmap.Get(bits, index))];
            int count = FilterKernels.Values(longs, bits, 0, kept);
            Assert.Equal(expected.Length, count);
            Assert.Equal(expected.Length, FilterKernels.Positions(bits, 0, 128, found));
            for (int index = 0; index < count; index++)
            {
                Assert.True(kept[index] == expected[index] && found[index] == expected[index]);
            }
        }
    }

    [Fact]
    public void Positions_and_bits_are_those_of_the_set_bits()
    {
        foreach ((bool[] keep, int offset) in Cases())
        {
            byte[] bits = NaiveKernels.ToBitmap(keep, offset);
            int[] expected = [.. Enumerable.Range(0, keep.Length).Where(index => keep[index])];
            foreach (int room in new[] { 0, 3, 64 })
            {
                int[] positions = new int[expected.Length + room];
                Assert.Equal(expected.Length, FilterKernels.Positions(bits, offset, keep.Length, positions));
                Assert.Equal(expected, positions[..expected.Length]);
            }

            bool[] source = [.. keep.Select(_ => _random.Next(2) == 0)];
            byte[] kept = new byte[Bitmap.SizeBytes(expected.Length)];
            int count = FilterKernels.Bits(
                NaiveKernels.ToBitmap(source, 5), 5, bits, offset, keep.Length, kept);
            Assert.Equal(expected.Length, count);
            Assert.Equal(
                expected.Select(index => source[index]), Enumerable.Range(0, count).Select(at => Bitmap.Get(kept, at)));
        }
    }

    [Fact]
    public void A_destination_without_room_is_refused_and_none_is_written_past_its_end()
    {
        int[] source = [.. Enumerable.Range(0, 200)];
        byte[] bits = [.. Enumerable.Repeat((byte)0x6D, 25)];
        int ones = Bitmap.CountOnes(bits, 0, 200);
        Assert.Throws<ArgumentException>(() => FilterKernels.Values(source, bits, 0, new int[ones - 1]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => FilterKernels.Values(source, bits.AsSpan(0, 24), 0, new int[200]));
        int[] guarded = [.. Enumerable.Repeat(-7, ones + 64)];
        FilterKernels.Values(source, bits, 0, guarded.AsSpan(0, ones));
        Assert.All(guarded[ones..], value => Assert.Equal(-7, value));
    }

    [Fact]
    public void Gathering_finds_every_value_and_tells_missing_from_wrong()
    {
        long[] source = [.. Enumerable.Range(0, 100).Select(index => index * 3L)];
        foreach (int count in Counts)
        {
            foreach (int lowest in new[] { 0, -1 })
            {
                int[] indexes = [.. Enumerable.Range(0, count).Select(_ => _random.Next(lowest, 100))];
                long[] gathered = new long[count];
                Gather.Values(source, indexes, gathered);
                Assert.Equal(indexes.Select(index => index < 0 ? 0 : source[index]), gathered);
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Gather.Values(source, [100], new long[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gather.Values(source, [-2], new long[1]));
    }

    private void Check<T>(bool[] keep, int offset, Func<int, T> make)
        where T : unmanaged
    {
        T[] source = [.. Enumerable.Range(0, keep.Length).Select(make)];
        T[] expected = [.. source.Where((_, index) => keep[index])];
        T[] kept = new T[expected.Length + (_random.Next(2) * 64)];
        int count = FilterKernels.Values(source, NaiveKernels.ToBitmap(keep, offset), offset, kept);
        Assert.Equal(expected.Length, count);
        Assert.Equal(expected, kept[..count]);
    }

    private IEnumerable<(bool[] Keep, int Offset)> Cases()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"seed {Seed}"));
        foreach (int count in Counts)
        {
            foreach (double share in Shares)
            {
                bool[] keep = [.. Enumerable.Range(0, count).Select(_ => _random.NextDouble() < share)];
                yield return (keep, _random.Next(0, 17));
                yield return (keep, 0);
            }
        }
    }
}
