using System;
using System.Buffers.Binary;
using System.Numerics;
using Polder.Bytes;
using Polder.Parquet.Encodings;

namespace Polder.Parquet.Levels;

/// <summary>
/// Repetition or definition levels of one page, any number at a time. Holds positions only: every call gets the page's
/// bytes again.
/// </summary>
internal struct LevelDecoder
{
    private const int LengthPrefixBytes = 4;

    private readonly Form _form;
    private readonly int _maxLevel;
    private readonly int _end;
    private RleHybridDecoder _runs;
    private long _bit;

    private LevelDecoder(Form form, int maxLevel, int start, int end)
    {
        _form = form;
        _maxLevel = maxLevel;
        _end = end;
        _bit = (long)start << 3;
        _runs = new RleHybridDecoder(start, end, Width(maxLevel));
    }

    private enum Form
    {
        /// <summary>The only level is 0, and nothing is written.</summary>
        Constant,
        Hybrid,
        MostSignificantFirst,
    }

    /// <summary>The levels of a V1 page, which stand before its values.</summary>
    /// <param name="page">The page's bytes.</param>
    /// <param name="end">The byte after the page's last one.</param>
    /// <param name="encoding">RLE, or the deprecated BIT_PACKED.</param>
    /// <param name="maxLevel">The greatest level of the leaf.</param>
    /// <param name="valueCount">Levels of the page.</param>
    /// <param name="position">The levels' first byte; moved behind them.</param>
    /// <exception cref="CorruptFileException">The page ends inside the levels.</exception>
    public static LevelDecoder BeginV1(
        ReadOnlySpan<byte> page, int end, ParquetEncoding encoding, int maxLevel, int valueCount, ref int position)
    {
        if (maxLevel == 0)
        {
            return default;
        }

        int start = position;
        if (encoding == ParquetEncoding.BitPacked)
        {
            long bytes = BitUnpacker.ByteCount(0, Width(maxLevel), valueCount);
            position = bytes <= end - start ? start + (int)bytes : throw EndsEarly();
            return new LevelDecoder(Form.MostSignificantFirst, maxLevel, start, position);
        }

        if (encoding != ParquetEncoding.Rle)
        {
            throw PageEncodings.Unsupported(encoding, "levels");
        }

        if (end - start < LengthPrefixBytes)
        {
            throw EndsEarly();
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(page[start..]);
        start += LengthPrefixBytes;
        position = length <= (uint)(end - start) ? start + (int)length : throw EndsEarly();
        return new LevelDecoder(Form.Hybrid, maxLevel, start, position);
    }

    /// <summary>The levels of a V2 page, whose length its header gives.</summary>
    public static LevelDecoder BeginV2(int start, int length, int maxLevel) =>
        maxLevel == 0 ? default : new LevelDecoder(Form.Hybrid, maxLevel, start, start + length);

    /// <summary>Decodes levels.</summary>
    /// <exception cref="CorruptFileException">The page has fewer, or one is greater than the leaf's.</exception>
    public void Decode(ReadOnlySpan<byte> page, Span<byte> levels)
    {
        switch (_form)
        {
            case Form.Constant:
                levels.Clear();
                return;
            case Form.Hybrid:
                _runs.Decode(page, levels);
                break;
            default:
                for (int index = 0; index < levels.Length; index++)
                {
                    levels[index] = (byte)NextPacked(page);
                }

                break;
        }

        if (BitMask.Max(levels) > _maxLevel)
        {
            throw new CorruptFileException(FormattableString.Invariant(
                $"a level of {BitMask.Max(levels)} where the greatest is {_maxLevel}"));
        }
    }

    /// <summary>Decodes levels of 0 and 1 as a bitmap; returns how many are 1.</summary>
    /// <exception cref="CorruptFileException">The page has fewer, or one is greater.</exception>
    public int DecodeBits(ReadOnlySpan<byte> page, Span<byte> bitmap, int offset, int count)
    {
        if (_form == Form.Hybrid)
        {
            return _runs.DecodeBits(page, bitmap, offset, count);
        }

        int ones = 0;
        for (int index = 0; index < count; index++)
        {
            uint level = NextPacked(page);
            ones += (int)level;
            Bitmap.Fill(bitmap, offset + index, 1, level != 0);
        }

        return ones;
    }

    /// <summary>Steps over levels; returns how many are the greatest there is.</summary>
    /// <param name="page">The page's bytes.</param>
    /// <param name="count">Levels.</param>
    /// <param name="scratch">Room for some levels.</param>
    /// <exception cref="CorruptFileException">The page has fewer, or one is greater than the leaf's.</exception>
    public int Skip(ReadOnlySpan<byte> page, int count, Span<byte> scratch)
    {
        if (_form == Form.Constant)
        {
            return count;
        }

        if (_form == Form.Hybrid && _maxLevel == 1)
        {
            return _runs.SkipBits(page, count);
        }

        int greatest = 0;
        while (count > 0)
        {
            Span<byte> levels = scratch[..int.Min(count, scratch.Length)];
            Decode(page, levels);
            greatest += levels.Count((byte)_maxLevel);
            count -= levels.Length;
        }

        return greatest;
    }

    // Encodings.md, "Bit-packed (Deprecated)": from the most significant bit of each byte.
    private uint NextPacked(ReadOnlySpan<byte> page)
    {
        uint level = 0;
        for (int width = Width(_maxLevel); width > 0; width--, _bit++)
        {
            int index = (int)(_bit >> 3);
            if (index >= _end)
            {
                throw EndsEarly();
            }

            level = (level << 1) | (((uint)page[index] >> (7 - (int)(_bit & 7))) & 1);
        }

        return level;
    }

    private static int Width(int maxLevel) => 32 - BitOperations.LeadingZeroCount((uint)maxLevel);

    private static CorruptFileException EndsEarly() => new("the page ends inside its levels");
}
