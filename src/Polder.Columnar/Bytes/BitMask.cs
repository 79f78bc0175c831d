using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polder.Bytes;

/// <summary>Words of 64 bits as masks: comparing bytes, pushing bits together and apart.</summary>
internal static class BitMask
{
    /// <summary>Bit i tells whether byte i is at least <paramref name="threshold"/>; up to 64 bytes.</summary>
    public static ulong AtLeast(ReadOnlySpan<byte> values, byte threshold)
    {
        if (values.Length < 64)
        {
            ulong tail = 0;
            for (int index = 0; index < values.Length; index++)
            {
                tail |= (values[index] >= threshold ? 1UL : 0) << index;
            }

            return tail;
        }

        ref byte first = ref MemoryMarshal.GetReference(values);
        if (Vector512.IsHardwareAccelerated)
        {
            return Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref first), Vector512.Create(threshold))
                .ExtractMostSignificantBits();
        }

        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<byte> least = Vector256.Create(threshold);
            ulong low = Vector256.GreaterThanOrEqual(Vector256.LoadUnsafe(ref first), least)
                .ExtractMostSignificantBits();
            ulong high = Vector256.GreaterThanOrEqual(Vector256.LoadUnsafe(ref first, 32), least)
                .ExtractMostSignificantBits();
            return low | (high << 32);
        }

        ulong mask = 0;
        for (int start = 0; start < 64; start += 16)
        {
            uint part = Vector128.GreaterThanOrEqual(
                Vector128.LoadUnsafe(ref first, (nuint)start), Vector128.Create(threshold))
                .ExtractMostSignificantBits();
            mask |= (ulong)part << start;
        }

        return mask;
    }

    /// <summary>Booleans as bits, from bit 0; the last byte is padded with zeros.</summary>
    public static void Pack(ReadOnlySpan<bool> flags, Span<byte> bits)
    {
        ReadOnlySpan<byte> values = MemoryMarshal.AsBytes(flags);
        for (int start = 0; start < values.Length; start += 64)
        {
            ulong mask = AtLeast(values.Slice(start, int.Min(64, values.Length - start)), 1);
            for (int index = start; index < values.Length && index < start + 64; index += 8)
            {
                bits[index >> 3] = (byte)mask;
                mask >>= 8;
            }
        }
    }

    /// <summary>The greatest byte; 0 of none.</summary>
    public static byte Max(ReadOnlySpan<byte> values)
    {
        Vector128<byte> wide = Vector128<byte>.Zero;
        ref byte first = ref MemoryMarshal.GetReference(values);
        int index = 0;
        for (; index + Vector128<byte>.Count <= values.Length; index += Vector128<byte>.Count)
        {
            wide = Vector128.Max(wide, Vector128.LoadUnsafe(ref first, (nuint)index));
        }

        byte greatest = 0;
        for (int lane = 0; lane < Vector128<byte>.Count; lane++)
        {
            greatest = byte.Max(greatest, wide.GetElement(lane));
        }

        for (; index < values.Length; index++)
        {
            greatest = byte.Max(greatest, values[index]);
        }

        return greatest;
    }

    /// <summary>The bits of <paramref name="word"/> that stand under a set bit of the mask, pushed together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extract(ulong word, ulong mask) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.ParallelBitExtract(word, mask) : ExtractScalar(word, mask);

    /// <summary>The low bits of <paramref name="word"/>, each put under the next set bit of the mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Deposit(ulong word, ulong mask) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.ParallelBitDeposit(word, mask) : DepositScalar(word, mask);

    /// <summary>Writes up to 64 bits at any bit of a bitmap, the others left as they are.</summary>
    public static void Store(Span<byte> bits, int offset, int count, ulong word)
    {
        while (count > 0)
        {
            int shift = offset & 7;
            ref byte target = ref bits[offset >> 3];
            if (shift == 0 && count >= 8)
            {
                if (count == 64)
                {
                    _ = bits[(offset >> 3) + 7];
                    Unsafe.WriteUnaligned(ref target, word);
                    return;
                }

                target = (byte)word;
                word >>= 8;
                offset += 8;
                count -= 8;
                continue;
            }

            int taken = int.Min(8 - shift, count);
            int mask = ((1 << taken) - 1) << shift;
            target = (byte)((target & ~mask) | ((int)(word << shift) & mask));
            word >>= taken;
            offset += taken;
            count -= taken;
        }
    }

    private static ulong ExtractScalar(ulong word, ulong mask)
    {
        ulong result = 0;
        for (int index = 0; mask != 0; index++, mask &= mask - 1)
        {
            result |= ((word >> BitOperations.TrailingZeroCount(mask)) & 1) << index;
        }

        return result;
    }

    private static ulong DepositScalar(ulong word, ulong mask)
    {
        ulong result = 0;
        for (; mask != 0; word >>= 1, mask &= mask - 1)
        {
            result |= (word & 1) << BitOperations.TrailingZeroCount(mask);
        }

        return result;
    }
}
