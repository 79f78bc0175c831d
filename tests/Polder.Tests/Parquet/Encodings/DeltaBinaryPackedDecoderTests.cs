using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Polder.Parquet.Encodings;
using Xunit;

namespace Polder.Tests.Parquet.Encodings;

/// <summary>Delta data of every block shape and width, taken any number at a time.</summary>
public sealed class DeltaBinaryPackedDecoderTests
{
    private const int Seed = 31;

    public static TheoryData<int, int> Shapes => new()
    {
        { 128, 4 }, { 128, 1 }, { 256, 8 }, { 1024, 4 }, { 2048, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Values_come_back_however_they_are_taken(int blockSize, int miniblockCount)
    {
        Console.WriteLine($"seed {Seed}");
        Random random = new(Seed);
        foreach (int count in (int[])[0, 1, 2, 31, 32, 33, 129, 1000, 5000])
        {
            for (int bits = 0; bits <= 64; bits += random.Next(1, 9))
            {
                int shift = 64 - int.Max(1, bits);
                long[] values = [.. Enumerable.Range(0, count).Select(_ => random.NextInt64() >> shift)];
                byte[] page = [1, 2, 3, .. Encode(values, blockSize, miniblockCount), 99, 98];
                DeltaBinaryPackedDecoder decoder = new(page, 3, page.Length, count);
                Assert.Equal(page.Length - 2, decoder.FindEnd(page));
                long[] decoded = new long[count];
                for (int done = 0; done < count;)
                {
                    int taken = int.Min(count - done, random.Next(1, 300));
                    decoder.Decode(page, decoded.AsSpan(done, taken));
                    done += taken;
                }

                Assert.Equal(values, decoded);
                Assert.Throws<CorruptFileException>(() => decoder.Decode(page, new long[1]));
            }
        }
    }

    [Fact]
    public void Values_of_32_bits_wrap_around()
    {
        int[] values = [int.MinValue, int.MaxValue, -1, 0, int.MaxValue, int.MinValue, 7];
        byte[] page = Encode([.. values.Select(value => (long)value)], 128, 4, wrapsAt32: true);
        DeltaBinaryPackedDecoder decoder = new(page, 0, page.Length, values.Length);
        int[] decoded = new int[values.Length];
        decoder.Decode(page, decoded);
        Assert.Equal(values, decoded);
    }

    [Fact]
    public void Data_cut_before_the_padding_of_its_last_miniblock_is_corrupt()
    {
        long[] values = [.. Enumerable.Range(0, 300).Select(index => (long)index * index)];
        byte[] page = Encode(values, 128, 4);
        for (int length = 0; length < page.Length - 40; length++)
        {
            byte[] cut = page[..length];
            Assert.Throws<CorruptFileException>(() =>
            {
                DeltaBinaryPackedDecoder decoder = new(cut, 0, cut.Length, 300);
                decoder.Decode(cut, new long[300]);
            });
        }
    }

    [Theory]
    [InlineData(new byte[] { 100, 4, 1, 0 })]
    [InlineData(new byte[] { 128, 1, 0, 1, 0 })]
    [InlineData(new byte[] { 128, 1, 3, 1, 0 })]
    [InlineData(new byte[] { 128, 1, 8, 1, 0 })]
    [InlineData(new byte[] { 128, 1, 4, 200, 1, 0 })]
    [InlineData(new byte[] { 0, 4, 1, 0 })]
    public void A_damaged_header_is_corrupt(byte[] page) => Assert.Throws<CorruptFileException>(
        () => new DeltaBinaryPackedDecoder(page, 0, page.Length, 100));

    private static byte[] Encode(long[] values, int blockSize, int miniblockCount, bool wrapsAt32 = false)
    {
        List<byte> bytes = [];
        Varint(bytes, (ulong)blockSize);
        Varint(bytes, (ulong)miniblockCount);
        Varint(bytes, (ulong)values.Length);
        ZigZag(bytes, values.Length == 0 ? 0 : values[0]);
        int miniblockSize = blockSize / miniblockCount;
        for (int start = 1; start < values.Length; start += blockSize)
        {
            int count = int.Min(blockSize, values.Length - start);
            long[] deltas = [.. Enumerable.Range(start, count).Select(
                index => Wrap(unchecked(values[index] - values[index - 1]), wrapsAt32))];
            long least = deltas.Min();
            ZigZag(bytes, least);
            ulong[] above = [.. deltas.Select(delta => unchecked((ulong)(delta - least)))];
            List<byte> widths = [], packed = [];
            for (int miniblock = 0; miniblock < miniblockCount; miniblock++)
            {
                ulong[] part = [.. above.Skip(miniblock * miniblockSize).Take(miniblockSize)];
                int width = part.Length == 0 ? 77 : 64 - BitOperations.LeadingZeroCount(part.Max());
                widths.Add((byte)width);
                packed.AddRange(part.Length == 0 ? [] : Pack(part, width, miniblockSize));
            }

            bytes.AddRange(widths);
            bytes.AddRange(packed);
        }

        return [.. bytes];
    }

    private static long Wrap(long delta, bool wrapsAt32) => wrapsAt32 ? (int)delta : delta;

    private static byte[] Pack(ulong[] values, int width, int count)
    {
        byte[] packed = new byte[count * width / 8];
        for (int index = 0; index < values.Length; index++)
        {
            for (int place = 0; place < width; place++)
            {
                int bit = (index * width) + place;
                packed[bit / 8] |= (byte)(((values[index] >> place) & 1) << (bit % 8));
            }
        }

        return packed;
    }

    private static void ZigZag(List<byte> bytes, long value) =>
        Varint(bytes, ((ulong)value << 1) ^ (ulong)(value >> 63));

    private static void Varint(List<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }
}
