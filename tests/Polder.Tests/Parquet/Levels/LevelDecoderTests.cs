using System;
using System.Linq;
using System.Numerics;
using Polder.Bytes;
using Polder.Parquet;
using Polder.Parquet.Levels;
using Xunit;

namespace Polder.Tests.Parquet.Levels;

/// <summary>Levels in both encodings that files have, a few at a time.</summary>
public sealed class LevelDecoderTests
{
    private const int Seed = 21;

    [Fact]
    public void Old_levels_are_packed_from_the_most_significant_bit()
    {
        Random random = new(Seed);
        for (int maxLevel = 1; maxLevel <= 9; maxLevel++)
        {
            byte[] levels = [.. Enumerable.Range(0, 77).Select(_ => (byte)random.Next(maxLevel + 1))];
            int width = 32 - BitOperations.LeadingZeroCount((uint)maxLevel);
            byte[] page = [9, 9, .. Pack(levels, width), 7];
            int position = 2;
            LevelDecoder decoder = LevelDecoder.BeginV1(
                page, page.Length, ParquetEncoding.BitPacked, maxLevel, levels.Length, ref position);
            byte[] decoded = new byte[levels.Length];
            for (int done = 0; done < decoded.Length;)
            {
                int count = int.Min(decoded.Length - done, random.Next(1, 20));
                decoder.Decode(page, decoded.AsSpan(done, count));
                done += count;
            }

            Assert.Equal(levels, decoded);
            Assert.Equal(page.Length - 1, position);
        }
    }

    [Fact]
    public void Old_levels_of_one_bit_become_a_bitmap()
    {
        byte[] levels = [1, 0, 0, 1, 1, 1, 0, 1, 0, 1];
        byte[] page = Pack(levels, 1);
        int position = 0;
        LevelDecoder decoder = LevelDecoder.BeginV1(
            page, page.Length, ParquetEncoding.BitPacked, 1, levels.Length, ref position);
        byte[] bitmap = new byte[2];
        Assert.Equal(6, decoder.DecodeBits(page, bitmap, 3, levels.Length));
        Assert.Equal(levels, Enumerable.Range(3, levels.Length).Select(bit => (byte)(Bitmap.Get(bitmap, bit) ? 1 : 0)));
    }

    [Fact]
    public void Runs_and_packed_groups_alternate()
    {
        // Four bytes of length; a run of 5 ones; a packed group 0b01001101; a run of 3 zeros.
        byte[] page = [6, 0, 0, 0, 5 << 1, 1, (1 << 1) | 1, 0b0100_1101, 3 << 1, 0];
        int position = 0;
        LevelDecoder decoder = LevelDecoder.BeginV1(page, page.Length, ParquetEncoding.Rle, 1, 16, ref position);
        byte[] bitmap = new byte[2];
        Assert.Equal(5, decoder.DecodeBits(page, bitmap, 0, 6) - 1);
        Assert.Equal(3, decoder.DecodeBits(page, bitmap, 6, 10));
        Assert.Equal([0b1011_1111, 0b0000_1001], bitmap);
        Assert.Throws<CorruptFileException>(() => decoder.DecodeBits(page, bitmap, 0, 1));
    }

    [Theory]
    [InlineData(new byte[] { 2, 0, 0, 0, 10, 2 }, 1)] // a run of twos
    [InlineData(new byte[] { 9, 0, 0, 0, 10, 1 }, 1)] // longer than the page
    [InlineData(new byte[] { 2, 0, 0 }, 1)] // no length
    [InlineData(new byte[] { 2, 0, 0, 0, 0, 0 }, 1)] // a run of nothing
    [InlineData(new byte[] { 1, 0, 0, 0, 0x80 }, 1)] // half a number
    [InlineData(new byte[] { 2, 0, 0, 0, 10, 3 }, 2)] // above the greatest level
    public void Damaged_levels_are_corrupt(byte[] page, int maxLevel) => Assert.Throws<CorruptFileException>(() =>
    {
        int position = 0;
        LevelDecoder decoder = LevelDecoder.BeginV1(page, page.Length, ParquetEncoding.Rle, maxLevel, 5, ref position);
        if (maxLevel == 1)
        {
            decoder.DecodeBits(page, new byte[1], 0, 5);
        }

        decoder.Decode(page, new byte[5]);
    });

    private static byte[] Pack(byte[] levels, int width)
    {
        byte[] packed = new byte[((levels.Length * width) + 7) / 8];
        int bit = 0;
        foreach (byte level in levels)
        {
            for (int place = width - 1; place >= 0; place--, bit++)
            {
                packed[bit / 8] |= (byte)(((level >> place) & 1) << (7 - (bit % 8)));
            }
        }

        return packed;
    }
}
