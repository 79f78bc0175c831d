using System;
using System.Linq;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes;

public class BitmapTests
{
    [Fact]
    public void Every_operation_equals_one_bit_at_a_time()
    {
        Random random = new(17);
        byte[] left = RandomBytes(random, 64);
        byte[] right = RandomBytes(random, 64);
        for (int round = 0; round < 4000; round++)
        {
            int leftOffset = random.Next(0, 130);
            int rightOffset = random.Next(0, 130);
            int count = random.Next(0, 512 - 130);
            bool[] leftBits = Bits(left, leftOffset, count);
            bool[] rightBits = Bits(right, rightOffset, count);
            Assert.Equal(leftBits.Count(bit => bit), Bitmap.CountOnes(left, leftOffset, count));

            byte[] target = RandomBytes(random, Bitmap.SizeBytes(count));
            Bitmap.And(left, leftOffset, right, rightOffset, target, count);
            AssertBits([.. leftBits.Zip(rightBits, (a, b) => a & b)], target);
            Bitmap.Or(left, leftOffset, right, rightOffset, target, count);
            AssertBits([.. leftBits.Zip(rightBits, (a, b) => a | b)], target);
            Bitmap.Not(left, leftOffset, target, count);
            AssertBits([.. leftBits.Select(bit => !bit)], target);

            int[] ones = new int[count];
            int found = Bitmap.FindOnes(left, leftOffset, count, ones);
            Assert.Equal(Enumerable.Range(0, count).Where(index => leftBits[index]), ones.Take(found));
        }
    }

    [Fact]
    public void Copy_and_fill_leave_the_neighbours_alone()
    {
        Random random = new(18);
        byte[] source = RandomBytes(random, 50);
        for (int round = 0; round < 4000; round++)
        {
            int count = random.Next(0, 300);
            int sourceOffset = random.Next(0, (source.Length * 8) - count + 1);
            byte[] target = RandomBytes(random, 50);
            int targetOffset = random.Next(0, (target.Length * 8) - count + 1);
            bool[] expected = Bits(target, 0, target.Length * 8);
            Bits(source, sourceOffset, count).CopyTo(expected, targetOffset);
            Bitmap.Copy(source, sourceOffset, target, targetOffset, count);
            Assert.Equal(expected, Bits(target, 0, expected.Length));

            bool value = random.Next(2) == 0;
            expected.AsSpan(targetOffset, count).Fill(value);
            Bitmap.Fill(target, targetOffset, count, value);
            Assert.Equal(expected, Bits(target, 0, expected.Length));
        }
    }

    [Fact]
    public void Gathered_bits_are_those_at_the_indexes()
    {
        Random random = new(19);
        byte[] source = RandomBytes(random, 20);
        for (int count = 0; count < 100; count++)
        {
            int[] indexes = [.. Enumerable.Range(0, count).Select(_ => random.Next(-1, 150))];
            byte[] target = new byte[Bitmap.SizeBytes(count)];
            int ones = Bitmap.Gather(source, 7, 150, indexes, target);
            bool[] expected = [.. indexes.Select(index => index >= 0 && Bitmap.Get(source, 7 + index))];
            AssertBits(expected, target);
            Assert.Equal(expected.Count(bit => bit), ones);
        }
    }

    [Fact]
    public void A_run_outside_the_bits_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Bitmap.CountOnes([1, 2], 9, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bitmap.CountOnes([1, 2], -1, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bitmap.Copy([1], 0, new byte[1], 1, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bitmap.CountOnes([1], int.MaxValue, int.MaxValue));
    }

    private static void AssertBits(bool[] expected, byte[] packed)
    {
        Assert.Equal(expected, Bits(packed, 0, expected.Length));
        Assert.DoesNotContain(true, Bits(packed, expected.Length, (packed.Length * 8) - expected.Length));
    }

    private static bool[] Bits(byte[] bytes, int offset, int count) =>
        [.. Enumerable.Range(offset, count).Select(index => (bytes[index / 8] & (1 << (index % 8))) != 0)];

    private static byte[] RandomBytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
