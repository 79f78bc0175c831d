using System;
using System.Linq;
using System.Numerics;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes.Kernels;

/// <summary>Fast equals naive for spreading, gathering, summing, joining and comparing.</summary>
public sealed class ValueKernelTests
{
    private const int Seed = 12;
    private static readonly int[] Counts = [0, 1, 7, 16, 63, 64, 65, 127, 128, 200, 513];

    private readonly Random _random = new(Seed);

    [Fact]
    public void Nulls_are_spread_in_every_width()
    {
        CheckSpread(bytes => bytes[0]);
        CheckSpread(bytes => BitConverter.ToInt16(bytes));
        CheckSpread(bytes => BitConverter.ToInt32(bytes));
        CheckSpread(bytes => BitConverter.ToInt64(bytes));
        CheckSpread(bytes => new Int128(BitConverter.ToUInt64(bytes), BitConverter.ToUInt64(bytes, 8)));
    }

    [Fact]
    public void Ends_of_null_slots_are_those_before_them() => ForAllValidities((validity, offset) =>
    {
        int validCount = validity.Count(isValid => isValid);
        int[] dense = [.. Enumerable.Range(1, validCount).Select(index => 100 + (index * 3))];
        int[] ends = [.. new int[validity.Length - validCount], .. dense];
        NullSpread.SpreadEnds(ends, NaiveKernels.ToBitmap(validity, offset), offset, validCount, 100);
        int last = 100, taken = 0;
        for (int slot = 0; slot < ends.Length; slot++)
        {
            last = validity[slot] ? dense[taken++] : last;
            Assert.Equal(last, ends[slot]);
        }
    });

    [Fact]
    public void Deltas_are_summed_with_wrap_around()
    {
        foreach (int count in Counts)
        {
            int[] small = [.. Enumerable.Range(0, count).Select(_ => _random.Next(int.MinValue, int.MaxValue))];
            long[] large = [.. Enumerable.Range(0, count).Select(_ => _random.NextInt64(long.MinValue, long.MaxValue))];
            int[] expectedSmall = new int[count];
            long[] expectedLarge = new long[count];
            int smallSum = 5;
            long largeSum = 6;
            for (int index = 0; index < count; index++)
            {
                expectedSmall[index] = smallSum = unchecked(smallSum + small[index] - 77);
                expectedLarge[index] = largeSum = unchecked(largeSum + large[index] + 99);
            }

            int smallLast = 5;
            long largeLast = 6;
            PrefixSum.Accumulate(small, -77, ref smallLast);
            PrefixSum.Accumulate(large, 99, ref largeLast);
            Assert.Equal(expectedSmall, small);
            Assert.Equal(expectedLarge, large);
            Assert.Equal((smallSum, largeSum), (smallLast, largeLast));
        }
    }

    [Fact]
    public void Split_streams_are_joined_in_every_width()
    {
        for (int width = 1; width <= 17; width++)
        {
            foreach (int count in Counts)
            {
                byte[] streams = Bytes(count * width);
                for (int start = 0; start <= count; start += int.Max(1, count / 3))
                {
                    byte[] joined = new byte[(count - start) * width];
                    StreamSplit.Join(streams, count, start, width, joined);
                    byte[] expected = new byte[joined.Length];
                    for (int index = 0; index < expected.Length; index++)
                    {
                        expected[index] = streams[(index % width * count) + start + (index / width)];
                    }

                    Assert.Equal(expected, joined);
                }
            }
        }
    }

    [Fact]
    public void Entries_of_a_dictionary_are_gathered_and_positions_outside_refused()
    {
        long[] dictionary = [.. Enumerable.Range(0, 300).Select(index => (long)index * index)];
        foreach (int count in Counts)
        {
            uint[] indexes = [.. Enumerable.Range(0, count).Select(_ => (uint)_random.Next(300))];
            long[] values = new long[count];
            Assert.True(DictionaryGather.TryValues<long>(dictionary, indexes, values));
            Assert.Equal(indexes.Select(index => dictionary[index]), values);
            if (count > 0)
            {
                indexes[_random.Next(count)] = _random.Next(2) == 0 ? 300 : uint.MaxValue;
                Assert.False(DictionaryGather.TryValues<long>(dictionary, indexes, values));
            }
        }
    }

    [Fact]
    public void Ranges_of_a_dictionary_are_gathered_and_positions_outside_refused()
    {
        string[] words = [.. Enumerable.Range(0, 50).Select(index => new string((char)('a' + (index % 26)), index))];
        int[] offsets = [0, .. words.Select((_, index) => words.Take(index + 1).Sum(word => word.Length))];
        byte[] data =
            [.. words.SelectMany(word => word.Select(letter => (byte)letter)), .. new byte[DictionaryGather.Slack]];
        foreach (int count in Counts)
        {
            uint[] indexes = [.. Enumerable.Range(0, count).Select(_ => (uint)_random.Next(50))];
            int[] ends = new int[count];
            long bytes = DictionaryGather.TryEnds(offsets, indexes, 3, ends);
            byte[] room = new byte[3 + bytes + DictionaryGather.Slack];
            DictionaryGather.Ranges(offsets, data, indexes, 3, ends, room);
            string expected = string.Concat(indexes.Select(index => words[index]));
            Assert.Equal(expected, System.Text.Encoding.ASCII.GetString(room, 3, (int)bytes));
            if (count > 0)
            {
                Assert.Equal(3 + bytes, ends[^1]);
                indexes[^1] = 50;
                Assert.Equal(-1, DictionaryGather.TryEnds(offsets, indexes, 3, ends));
            }
        }
    }

    [Fact]
    public void Prefixed_strings_are_split_and_a_length_past_the_end_refused()
    {
        foreach (int count in Counts)
        {
            byte[][] values = [.. Enumerable.Range(0, count).Select(_ => Bytes(_random.Next(40)))];
            byte[] source = [.. values.SelectMany(value => (byte[])[(byte)value.Length, 0, 0, 0, .. value])];
            int[] ends = new int[count];
            byte[] data = new byte[source.Length + 5 + PrefixedBytes.Slack];
            Assert.Equal(source.Length, PrefixedBytes.Split(source, ends, data, 5, out int taken));
            Assert.Equal(count, taken);
            Assert.Equal(values.SelectMany(value => value), data.Skip(5).Take(values.Sum(value => value.Length)));
            Assert.Equal(source.Length, PrefixedBytes.TrySkip(source, count));
            if (count > 0)
            {
                ReadOnlySpan<byte> cut = source.AsSpan(0, source.Length - 1);
                int used = PrefixedBytes.Split(cut, ends, data, 5, out taken);
                Assert.Equal(count - 1, taken);
                Assert.Equal(-1, PrefixedBytes.NextLength(cut[used..]));
                Assert.Equal(-1, PrefixedBytes.TrySkip(cut, count));
            }
        }
    }

    [Fact]
    public void Prefixed_strings_are_split_as_far_as_there_is_room()
    {
        byte[] source = [3, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 4, 0, 0, 0, 4, 5, 6, 7];
        int[] ends = new int[3];
        for (int room = 0; room < 8; room++)
        {
            byte[] data = new byte[5 + room + PrefixedBytes.Slack];
            int used = PrefixedBytes.Split(source, ends, data, 5, out int taken);
            Assert.Equal(room < 3 ? (0, 0) : room < 7 ? (11, 2) : (19, 3), (used, taken));
            Assert.Equal(used == 19 ? -1 : used == 11 ? 4 : 3, PrefixedBytes.NextLength(source.AsSpan(used)));
        }
    }

    [Fact]
    public void Short_dictionary_strings_are_put_together_in_one_pass()
    {
        string[] words = [.. Enumerable.Range(0, 50).Select(word => new string((char)('a' + (word % 26)), word % 33))];
        int[] offsets = [0, .. words.Select((_, word) => words.Take(word + 1).Sum(one => one.Length))];
        byte[] data =
            [.. words.SelectMany(word => word.Select(letter => (byte)letter)), .. new byte[DictionaryGather.Slack]];
        foreach (int count in Counts)
        {
            uint[] indexes = [.. Enumerable.Range(0, count).Select(_ => (uint)_random.Next(50))];
            int[] ends = new int[count];
            byte[] room = new byte[3 + (count * 32) + DictionaryGather.Slack];
            int end = DictionaryGather.TryShort(offsets, data, 32, indexes, 3, ends, room);
            Assert.Equal(
                string.Concat(indexes.Select(index => words[index])),
                System.Text.Encoding.ASCII.GetString(room, 3, end - 3));
            if (count > 0)
            {
                Assert.Equal(end, ends[^1]);
                indexes[^1] = 50;
                Assert.Equal(-1, DictionaryGather.TryShort(offsets, data, 32, indexes, 3, ends, room));
            }
        }
    }

    [Fact]
    public void Steps_are_the_sums_of_one_delta()
    {
        foreach (int count in Counts)
        {
            int[] sums = new int[count];
            PrefixSum.Steps(sums, 7, 3);
            Assert.Equal(Enumerable.Range(1, count).Select(step => 7 + (3 * step)), sums);
        }
    }

    [Fact]
    public void Big_endian_integers_of_every_length_keep_their_sign()
    {
        for (int width = 1; width <= 16; width++)
        {
            byte[] source = Bytes(width * 40);
            Int128[] values = new Int128[40];
            BigEndian.ReadAll(source, width, values);
            for (int index = 0; index < values.Length; index++)
            {
                BigInteger expected = new(source.AsSpan(index * width, width), isBigEndian: true);
                Assert.Equal(expected, (BigInteger)values[index]);
            }
        }
    }

    [Fact]
    public void Levels_become_masks_that_are_pushed_together_and_apart()
    {
        for (int count = 0; count <= 64; count++)
        {
            byte[] levels = Bytes(count);
            foreach (int threshold in (int[])[0, 1, 127, 128, 255])
            {
                ulong mask = BitMask.AtLeast(levels, (byte)threshold);
                ulong expected = 0;
                for (int index = 0; index < count; index++)
                {
                    expected |= (levels[index] >= threshold ? 1UL : 0) << index;
                }

                Assert.Equal(expected, mask);
                ulong word = (ulong)_random.NextInt64();
                ulong pushed = BitMask.Extract(word, mask);
                Assert.Equal(word & mask, BitMask.Deposit(pushed, mask));
            }

            Assert.Equal(levels.Append((byte)0).Max(), BitMask.Max(levels));
        }
    }

    private void CheckSpread<T>(Func<byte[], T> make)
        where T : unmanaged => ForAllValidities((validity, offset) =>
        {
            T[] dense = [.. Enumerable.Range(0, validity.Count(isValid => isValid)).Select(_ => make(Bytes(16)))];
            T[] slots = [.. new T[validity.Length - dense.Length], .. dense];
            NullSpread.Spread<T>(slots, NaiveKernels.ToBitmap(validity, offset), offset, dense.Length);
            Assert.Equal(NaiveKernels.Spread<T>(dense, validity), slots);
        });

    private void ForAllValidities(Action<bool[], int> check)
    {
        Console.WriteLine($"seed {Seed}");
        foreach (int count in Counts)
        {
            foreach (int percent in (int[])[0, 2, 50, 98, 100])
            {
                for (int offset = 0; offset < 8; offset += 3)
                {
                    check([.. Enumerable.Range(0, count).Select(_ => _random.Next(100) < percent)], offset);
                }
            }
        }
    }

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
