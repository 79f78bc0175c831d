using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes.Kernels;

/// <summary>Comparing byte strings, hashing and bounds, against one string after another.</summary>
public sealed class ByteStringKernelTests
{
    private const int Seed = 91;

    private readonly Random _random = new(Seed);

    [Fact]
    public void Every_pair_of_short_strings_compares_as_its_bytes_do()
    {
        List<byte[]> all = [[]];
        for (int length = 1; length <= 3; length++)
        {
            all.AddRange(all.Where(text => text.Length == length - 1)
                .SelectMany(text => new byte[] { 0, 1, 0x7F, 0x80, 0xFF }.Select(next => (byte[])[.. text, next]))
                .ToList());
        }

        foreach (byte[] other in all)
        {
            Check(all, [other]);
            Check([other], all);
        }
    }

    [Fact]
    public void Longer_strings_with_long_common_starts_compare_as_their_bytes_do()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"seed {Seed}"));
        for (int round = 0; round < 200; round++)
        {
            int count = _random.Next(1, 70);
            List<byte[]> left = [.. Enumerable.Range(0, count).Select(_ => Text())];
            List<byte[]> right = [.. left.Select(text => _random.Next(3) == 0 ? text : Text())];
            Check(left, right);
            Check(left, [Text()]);
        }
    }

    [Fact]
    public void Words_of_up_to_eight_bytes_are_those_of_the_plain_loop_wherever_they_stand()
    {
        for (int total = 0; total < 24; total++)
        {
            byte[] bytes = new byte[total];
            _random.NextBytes(bytes);
            for (int start = 0; start <= total; start++)
            {
                for (int end = start; end <= total; end++)
                {
                    ulong expected = PrefixWord.LittleEndianScalar(bytes.AsSpan(start..end));
                    Assert.Equal(expected, PrefixWord.LittleEndian(bytes, start, end));
                    Assert.Equal(
                        System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(expected),
                        PrefixWord.BigEndian(bytes, start, end));
                }
            }
        }
    }

    [Fact]
    public void Bounds_skip_what_has_no_bit()
    {
        for (int round = 0; round < 300; round++)
        {
            List<byte[]> texts = [.. Enumerable.Range(0, _random.Next(1, 150)).Select(_ => Text())];
            bool[] valid = [.. texts.Select(_ => _random.Next(4) > 0)];
            (int[] offsets, byte[] bytes) = Flatten(texts);
            (int least, int greatest) = ByteStringKernels.FindBounds(
                new ByteStrings(offsets, bytes), NaiveKernels.ToBitmap(valid, 3), 3);
            List<byte[]> sorted = [.. texts.Where((_, row) => valid[row])];
            sorted.Sort((first, second) => first.AsSpan().SequenceCompareTo(second));
            Assert.Equal(sorted.FirstOrDefault(), least < 0 ? null : texts[least]);
            Assert.Equal(sorted.LastOrDefault(), greatest < 0 ? null : texts[greatest]);

            long[] numbers = [.. texts.Select(_ => _random.NextInt64(long.MinValue, long.MaxValue))];
            double[] doubles = [.. texts.Select(_ => Number())];
            byte[] bits = NaiveKernels.ToBitmap(valid, 7);
            if (sorted.Count > 0)
            {
                MinMax.OfIntegers(numbers, bits, 7, out long minimum, out long maximum);
                Assert.Equal(numbers.Where((_, row) => valid[row]).Min(), minimum);
                Assert.Equal(numbers.Where((_, row) => valid[row]).Max(), maximum);
            }

            int notNumbers = MinMax.OfNumbers(doubles, bits, 7, out double smallest, out double largest);
            double[] real = [.. doubles.Where((value, row) => valid[row] && !double.IsNaN(value))];
            Assert.Equal(doubles.Where((value, row) => valid[row] && double.IsNaN(value)).Count(), notNumbers);
            Assert.Equal(real.Length == 0 ? double.NaN : real.Min(), smallest);
            Assert.Equal(real.Length == 0 ? double.NaN : real.Max(), largest);
        }
    }

    [Fact]
    public void Hashes_of_many_keys_hardly_collide_in_their_lower_half()
    {
        HashSet<uint> seen = [];
        for (int key = 0; key < 20_000; key++)
        {
            seen.Add((uint)Hash64.Words((ulong)key, 0));
        }

        Assert.True(seen.Count > 19_990);
        Assert.Equal(40, Enumerable.Range(0, 40).Select(length => Hash64.Bytes(new byte[length])).Distinct().Count());
    }

    private static void Check(List<byte[]> left, List<byte[]> right)
    {
        int count = int.Max(left.Count, right.Count);
        (int[] leftOffsets, byte[] leftBytes) = Flatten(left);
        (int[] rightOffsets, byte[] rightBytes) = Flatten(right);
        ByteStrings lefts = new(leftOffsets, leftBytes);
        ByteStrings rights = new(rightOffsets, rightBytes);
        byte[] equal = new byte[Bitmap.SizeBytes(count)];
        byte[] less = new byte[equal.Length];
        byte[] lessOrEqual = new byte[equal.Length];
        byte[] starts = new byte[equal.Length];
        ByteStringKernels.Equal(lefts, rights, count, equal);
        ByteStringKernels.Less(lefts, rights, orEqual: false, count, less);
        ByteStringKernels.Less(lefts, rights, orEqual: true, count, lessOrEqual);
        ByteStringKernels.StartsWith(lefts, right[0], starts);
        for (int row = 0; row < count; row++)
        {
            byte[] first = left[left.Count == 1 ? 0 : row];
            byte[] second = right[right.Count == 1 ? 0 : row];
            int order = first.AsSpan().SequenceCompareTo(second);
            Assert.Equal(order == 0, Bitmap.Get(equal, row));
            Assert.Equal(order < 0, Bitmap.Get(less, row));
            Assert.Equal(order <= 0, Bitmap.Get(lessOrEqual, row));
            Assert.True(row >= left.Count || first.AsSpan().StartsWith(right[0]) == Bitmap.Get(starts, row));
        }
    }

    private static (int[] Offsets, byte[] Bytes) Flatten(List<byte[]> texts)
    {
        // The first does not begin at 0, and nothing stands behind the last.
        int[] offsets = new int[texts.Count + 1];
        offsets[0] = 2;
        for (int index = 0; index < texts.Count; index++)
        {
            offsets[index + 1] = offsets[index] + texts[index].Length;
        }

        return (offsets, [9, 9, .. texts.SelectMany(text => text)]);
    }

    private byte[] Text()
    {
        byte[] text = new byte[_random.Next(0, 30)];
        int common = _random.Next(0, 20);
        for (int index = 0; index < text.Length; index++)
        {
            text[index] = index < common ? (byte)'x' : (byte)_random.Next(0, 256);
        }

        return text;
    }

    private double Number() => _random.Next(6) switch
    {
        0 => double.NaN,
        1 => -0.0,
        2 => double.NegativeInfinity,
        _ => _random.NextDouble() - 0.5,
    };
}
