using System;
using System.Numerics;

namespace Polder.Bytes;

/// <summary>
/// Bitmaps, least significant bit first. Bits past the count are unspecified on input and zero on output of
/// <see cref="Copy"/>; the others keep whole bytes.
/// </summary>
internal static class BitmapKernels
{
    /// <summary>Bytes that hold so many bits.</summary>
    public static int ByteCount(int bitCount) => (bitCount + 7) >> 3;

    /// <summary>Whether a bit is set.</summary>
    public static bool Get(ReadOnlySpan<byte> bits, int index) => (bits[index >> 3] >> (index & 7) & 1) != 0;

    /// <summary>Sets a bit.</summary>
    public static void Set(Span<byte> bits, int index) => bits[index >> 3] |= (byte)(1 << (index & 7));

    /// <summary>Clears a bit.</summary>
    public static void Clear(Span<byte> bits, int index) => bits[index >> 3] &= (byte)~(1 << (index & 7));

    /// <summary>Number of ones among the first bits.</summary>
    public static int CountOnes(ReadOnlySpan<byte> bits, int bitCount)
    {
        int whole = bitCount >> 3;
        int ones = 0;
        ReadOnlySpan<ulong> words = ByteCast.As<ulong>(bits[..whole]);
        foreach (ulong word in words)
        {
            ones += BitOperations.PopCount(word);
        }

        for (int index = words.Length * 8; index < whole; index++)
        {
            ones += BitOperations.PopCount(bits[index]);
        }

        return (bitCount & 7) == 0 ? ones : ones + BitOperations.PopCount(bits[whole] & ((1u << (bitCount & 7)) - 1));
    }

    /// <summary>Copies bits from any position to the front of the target; the rest of its last byte is zeroed.</summary>
    public static void Copy(ReadOnlySpan<byte> source, int start, int bitCount, Span<byte> target)
    {
        int bytes = ByteCount(bitCount);
        int shift = start & 7;
        ReadOnlySpan<byte> from = source[(start >> 3)..];
        if (shift == 0)
        {
            from[..bytes].CopyTo(target);
        }
        else
        {
            for (int index = 0; index < bytes; index++)
            {
                int next = index + 1 < from.Length ? from[index + 1] << 8 : 0;
                target[index] = (byte)((from[index] | next) >> shift);
            }
        }

        if ((bitCount & 7) != 0)
        {
            target[bytes - 1] &= (byte)((1 << (bitCount & 7)) - 1);
        }
    }

    /// <summary>target = left AND right, byte by byte.</summary>
    public static void And(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> target)
    {
        int width = Vector<byte>.Count;
        int index = 0;
        for (; index <= target.Length - width; index += width)
        {
            (new Vector<byte>(left[index..]) & new Vector<byte>(right[index..])).CopyTo(target[index..]);
        }

        for (; index < target.Length; index++)
        {
            target[index] = (byte)(left[index] & right[index]);
        }
    }

    /// <summary>target = left AND NOT right, byte by byte.</summary>
    public static void AndNot(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> target)
    {
        for (int index = 0; index < target.Length; index++)
        {
            target[index] = (byte)(left[index] & ~right[index]);
        }
    }

    /// <summary>target = NOT source, byte by byte.</summary>
    public static void Not(ReadOnlySpan<byte> source, Span<byte> target)
    {
        for (int index = 0; index < target.Length; index++)
        {
            target[index] = (byte)~source[index];
        }
    }

    /// <summary>Writes the positions of the ones among the first bits, ascending; returns their number.</summary>
    public static int Positions(ReadOnlySpan<byte> bits, int bitCount, Span<int> positions)
    {
        int found = 0;
        for (int index = 0; index < ByteCount(bitCount); index++)
        {
            uint left = bits[index];
            while (left != 0)
            {
                int position = (index << 3) + BitOperations.TrailingZeroCount(left);
                left &= left - 1;
                if (position < bitCount)
                {
                    positions[found++] = position;
                }
            }
        }

        return found;
    }
}
