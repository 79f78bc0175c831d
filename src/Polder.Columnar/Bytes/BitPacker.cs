using System;
using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polder.Bytes;

/// <summary>
/// Packs integers into as many bits as they need, the first in the lowest place, as Parquet's levels and dictionary
/// indexes are. Eight values of w bits are w bytes.
/// </summary>
internal static class BitPacker
{
    /// <summary>Bytes that a call may write beyond the packed ones; destinations leave room for them.</summary>
    public const int SlackBytes = 16;

    /// <summary>Packs whole groups of eight values.</summary>
    /// <param name="values">A multiple of eight values, each below 2 to the width.</param>
    /// <param name="width">Bits a value, 1 to 32.</param>
    /// <param name="destination">Room for the packed bytes and <see cref="SlackBytes"/>.</param>
    public static void Pack(ReadOnlySpan<int> values, int width, Span<byte> destination)
    {
        Invariant.Holds((values.Length & 7) == 0 && width is >= 1 and <= 32, "bit packing of a broken group");
        if (Bmi2.X64.IsSupported && Vector256.IsHardwareAccelerated && width <= 16)
        {
            PackNarrow(values, width, destination);
        }
        else
        {
            PackScalar(values, width, destination);
        }
    }

    /// <summary>Packs eight bytes, each below 2 to the width, into the low bits of the result.</summary>
    public static ulong PackBytes(ulong eightValues, int width)
    {
        if (Bmi2.X64.IsSupported)
        {
            return Bmi2.X64.ParallelBitExtract(eightValues, 0x0101010101010101UL * ((1UL << width) - 1));
        }

        ulong packed = 0;
        for (int index = 0; index < 8; index++)
        {
            packed |= (eightValues >> (index * 8) & 0xFF) << (index * width);
        }

        return packed;
    }

    /// <summary>The reference that every other path equals.</summary>
    internal static void PackScalar(ReadOnlySpan<int> values, int width, Span<byte> destination)
    {
        ulong pending = 0;
        int pendingBits = 0;
        int written = 0;
        foreach (int value in values)
        {
            pending |= (ulong)(uint)value << pendingBits;
            pendingBits += width;
            if (pendingBits >= 32)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(destination[written..], (uint)pending);
                written += 4;
                pending >>= 32;
                pendingBits -= 32;
            }
        }

        for (; pendingBits > 0; pendingBits -= 8)
        {
            destination[written++] = (byte)pending;
            pending >>= 8;
        }
    }

    // Four 16-bit lanes shrink to 4w bits in one extract; two of them are a group of eight.
    private static void PackNarrow(ReadOnlySpan<int> values, int width, Span<byte> destination)
    {
        ulong mask = 0x0001000100010001UL * ((1UL << width) - 1);
        int half = width * 4;
        int written = 0;
        for (int index = 0; index < values.Length; index += 8)
        {
            Vector256<int> group = Vector256.Create(values.Slice(index, 8));
            Vector128<ulong> lanes = Vector128.Narrow(
                group.GetLower().AsUInt32(), group.GetUpper().AsUInt32()).AsUInt64();
            ulong low = Bmi2.X64.ParallelBitExtract(lanes.GetElement(0), mask);
            ulong high = Bmi2.X64.ParallelBitExtract(lanes.GetElement(1), mask);
            Span<byte> target = destination.Slice(written, 16);
            if (half < 64)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(target, low | (high << half));
                BinaryPrimitives.WriteUInt64LittleEndian(target[8..], high >> (64 - half));
            }
            else
            {
                BinaryPrimitives.WriteUInt64LittleEndian(target, low);
                BinaryPrimitives.WriteUInt64LittleEndian(target[8..], high);
            }

            written += width;
        }
    }
}
