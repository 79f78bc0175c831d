using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polder.Bytes;

/// <summary>Bits in Arrow's order: bit i is bit i mod 8 of byte i div 8. Offsets and counts are in bits.</summary>
public static class Bitmap
{
    /// <summary>Bytes that hold that many bits.</summary>
    public static int SizeBytes(int bitCount) => (int)(((long)bitCount + 7) >> 3);

    /// <summary>The bit at an index.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Get(ReadOnlySpan<byte> bits, int index) => ((bits[index >> 3] >> (index & 7)) & 1) != 0;

    /// <summary>Sets one bit to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(Span<byte> bits, int index) => bits[index >> 3] |= (byte)(1 << (index & 7));

    /// <summary>Sets one bit to 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Clear(Span<byte> bits, int index) => bits[index >> 3] &= (byte)~(1 << (index & 7));

    /// <summary>How many bits are 1.</summary>
    public static int CountOnes(ReadOnlySpan<byte> bits, int offset, int count)
    {
        CheckRange(bits, offset, count);
        int ones = 0;
        for (int done = 0; done < count; done += 64)
        {
            ones += BitOperations.PopCount(Load(bits, offset + done, int.Min(64, count - done)));
        }

        return ones;
    }

    /// <summary>Sets a run of bits to one value.</summary>
    public static void Fill(Span<byte> bits, int offset, int count, bool value)
    {
        CheckRange(bits, offset, count);
        int end = offset + count;
        while (offset < end && (offset & 7) != 0)
        {
            Put(bits, offset++, value);
        }

        int wholeBytes = (end - offset) >> 3;
        bits.Slice(offset >> 3, wholeBytes).Fill(value ? (byte)0xFF : (byte)0);
        for (offset += wholeBytes << 3; offset < end; offset++)
        {
            Put(bits, offset, value);
        }
    }

    /// <summary>Copies a run of bits; bits of the destination outside the run stay as they are.</summary>
    public static void Copy(
        ReadOnlySpan<byte> source, int sourceOffset, Span<byte> destination, int destinationOffset, int count)
    {
        CheckRange(source, sourceOffset, count);
        CheckRange(destination, destinationOffset, count);
        int lead = int.Min(count, (8 - (destinationOffset & 7)) & 7);
        for (int index = 0; index < lead; index++)
        {
            Put(destination, destinationOffset + index, Get(source, sourceOffset + index));
        }

        int done = lead;
        for (; count - done >= 64; done += 64)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(
                destination[((destinationOffset + done) >> 3)..], Load(source, sourceOffset + done, 64));
        }

        for (; count - done >= 8; done += 8)
        {
            destination[(destinationOffset + done) >> 3] = (byte)Load(source, sourceOffset + done, 8);
        }

        for (; done < count; done++)
        {
            Put(destination, destinationOffset + done, Get(source, sourceOffset + done));
        }
    }

    /// <summary>Both of two runs; the destination starts at bit 0 and its last byte is padded with zeros.</summary>
    public static void And(
        ReadOnlySpan<byte> left, int leftOffset, ReadOnlySpan<byte> right, int rightOffset, Span<byte> destination,
        int count)
    {
        CheckRange(left, leftOffset, count);
        CheckRange(right, rightOffset, count);
        for (int done = 0; done < count; done += 64)
        {
            int width = int.Min(64, count - done);
            ulong both = Load(left, leftOffset + done, width) & Load(right, rightOffset + done, width);
            Store(destination, done, width, both);
        }
    }

    /// <summary>Either of two runs; the destination starts at bit 0, its last byte is padded with zeros.</summary>
    public static void Or(
        ReadOnlySpan<byte> left, int leftOffset, ReadOnlySpan<byte> right, int rightOffset, Span<byte> destination,
        int count)
    {
        CheckRange(left, leftOffset, count);
        CheckRange(right, rightOffset, count);
        for (int done = 0; done < count; done += 64)
        {
            int width = int.Min(64, count - done);
            ulong either = Load(left, leftOffset + done, width) | Load(right, rightOffset + done, width);
            Store(destination, done, width, either);
        }
    }

    /// <summary>Bits of the left that the right has not, both from bit 0, as many bytes as the destination.</summary>
    public static void AndNot(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> destination)
    {
        for (int index = 0; index < destination.Length; index++)
        {
            destination[index] = (byte)(left[index] & ~right[index]);
        }
    }

    /// <summary>The opposite of a run; the destination starts at bit 0, its last byte is padded with zeros.</summary>
    public static void Not(ReadOnlySpan<byte> source, int sourceOffset, Span<byte> destination, int count)
    {
        CheckRange(source, sourceOffset, count);
        for (int done = 0; done < count; done += 64)
        {
            int width = int.Min(64, count - done);
            Store(destination, done, width, ~Load(source, sourceOffset + done, width) & Mask(width));
        }
    }

    /// <summary>Writes the positions (from 0) of the bits that are 1, ascending; returns how many.</summary>
    public static int FindOnes(ReadOnlySpan<byte> bits, int offset, int count, Span<int> positions)
    {
        CheckRange(bits, offset, count);
        return FilterKernels.Positions(bits, offset, count, positions);
    }

    /// <summary>
    /// The bits at the given indexes, from bit 0 of the destination, last byte padded with zeros.
    /// Index -1 gives 0. Returns how many are 1.
    /// </summary>
    public static int Gather(
        ReadOnlySpan<byte> source, int sourceOffset, int sourceCount, ReadOnlySpan<int> indexes, Span<byte> destination)
    {
        CheckRange(source, sourceOffset, sourceCount);
        int ones = 0;
        for (int start = 0; start < indexes.Length; start += 8)
        {
            ReadOnlySpan<int> part = indexes.Slice(start, int.Min(8, indexes.Length - start));
            int packed = 0;
            for (int bit = 0; bit < part.Length; bit++)
            {
                int index = part[bit];
                if ((uint)index < (uint)sourceCount)
                {
                    packed |= (Get(source, sourceOffset + index) ? 1 : 0) << bit;
                }
                else
                {
                    Bytes.Gather.CheckMissing(index, sourceCount);
                }
            }

            destination[start >> 3] = (byte)packed;
            ones += BitOperations.PopCount((uint)packed);
        }

        return ones;
    }

    /// <summary>Up to 64 bits from an offset, the first in the lowest place, the rest zero.</summary>
    public static ulong Load(ReadOnlySpan<byte> bits, int offset, int count)
    {
        int first = offset >> 3;
        int shift = offset & 7;
        ulong word;
        if (first + 9 <= bits.Length)
        {
            word = BinaryPrimitives.ReadUInt64LittleEndian(bits[first..]) >> shift;
            if (shift != 0)
            {
                word |= (ulong)bits[first + 8] << (64 - shift);
            }
        }
        else
        {
            word = LoadTail(bits[first..], shift);
        }

        return word & Mask(count);
    }

    private static ulong LoadTail(ReadOnlySpan<byte> bits, int shift)
    {
        ulong word = 0;
        for (int index = 0; index < bits.Length; index++)
        {
            int place = (index << 3) - shift;
            word |= place < 0 ? (ulong)bits[index] >> -place : (ulong)bits[index] << place;
        }

        return word;
    }

    private static void Store(Span<byte> destination, int offset, int count, ulong word)
    {
        Span<byte> target = destination.Slice(offset >> 3, SizeBytes(count));
        if (count == 64)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(target, word);
            return;
        }

        for (int index = 0; index < target.Length; index++)
        {
            target[index] = (byte)(word >> (index << 3));
        }
    }

    private static ulong Mask(int count) => count >= 64 ? ulong.MaxValue : (1UL << count) - 1;

    private static void Put(Span<byte> bits, int index, bool value)
    {
        if (value)
        {
            Set(bits, index);
        }
        else
        {
            Clear(bits, index);
        }
    }

    private static void CheckRange(ReadOnlySpan<byte> bits, int offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)offset + count, (long)bits.Length << 3);
    }
}
