using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polder.Bytes;

/// <summary>
/// Values of any width packed from the least significant bit of each byte. The scalar loop is the truth; the vector
/// loops take whole vectors while source and destination have room for them and leave the rest to it.
/// </summary>
internal static class BitUnpacker
{
    /// <summary>Bytes that hold <paramref name="count"/> values beginning at a bit of the first one.</summary>
    public static long ByteCount(int bitOffset, int width, long count) => (bitOffset + (width * count) + 7) >> 3;

    /// <summary>Unpacks <paramref name="count"/> values of 0 to 32 bits.</summary>
    /// <param name="source">All that may be read, past the values too: longer is faster.</param>
    /// <param name="bitOffset">Where in the first byte the values begin, 0 to 7.</param>
    /// <param name="width">Bits of a value.</param>
    /// <param name="destination">All that may be written, past the values too: longer is faster.</param>
    /// <param name="count">Values wanted.</param>
    public static void Unpack(
        ReadOnlySpan<byte> source, int bitOffset, int width, Span<uint> destination, int count)
    {
        Check(source.Length, bitOffset, width, 32, destination.Length, count);
        if (width == 0)
        {
            destination[..count].Clear();
            return;
        }

        int done = 0;
        if (Avx512Vbmi.IsSupported)
        {
            done = width <= 25
                ? Unpack32Vbmi(source, bitOffset, width, destination, count)
                : Unpack32WideVbmi(source, bitOffset, width, destination, count);
        }
        else if (Avx2.IsSupported && width <= 25)
        {
            done = Unpack32Avx2(source, bitOffset, width, destination, count);
        }

        for (; done < count; done++)
        {
            destination[done] = (uint)ReadBits(source, bitOffset + ((long)done * width), width);
        }
    }

    /// <summary>Unpacks values of 0 to 64 bits; otherwise as the other one.</summary>
    public static void Unpack(
        ReadOnlySpan<byte> source, int bitOffset, int width, Span<ulong> destination, int count)
    {
        Check(source.Length, bitOffset, width, 64, destination.Length, count);
        if (width == 0)
        {
            destination[..count].Clear();
            return;
        }

        int done = 0;
        if (Avx512Vbmi.IsSupported && width <= 57)
        {
            done = Unpack64Vbmi(source, bitOffset, width, destination, count);
        }

        for (; done < count; done++)
        {
            destination[done] = ReadBits(source, bitOffset + ((long)done * width), width);
        }
    }

    /// <summary>Unpacks values of 0 to 8 bits; otherwise as the other one.</summary>
    public static void Unpack(
        ReadOnlySpan<byte> source, int bitOffset, int width, Span<byte> destination, int count)
    {
        Check(source.Length, bitOffset, width, 8, destination.Length, count);
        if (width == 0)
        {
            destination[..count].Clear();
            return;
        }

        int done = 0;
        if (Avx512Vbmi.IsSupported && (bitOffset + (8 * width)) <= 64)
        {
            done = Unpack8Vbmi(source, bitOffset, width, destination, count);
        }
        else if (Bmi2.X64.IsSupported && (bitOffset + (8 * width)) <= 64)
        {
            done = Unpack8Bmi2(source, bitOffset, width, destination, count);
        }

        for (; done < count; done++)
        {
            destination[done] = (byte)ReadBits(source, bitOffset + ((long)done * width), width);
        }
    }

    /// <summary>One value of 1 to 64 bits beginning at a bit of the source.</summary>
    private static ulong ReadBits(ReadOnlySpan<byte> source, long bit, int width)
    {
        int first = (int)(bit >> 3);
        int shift = (int)(bit & 7);
        ulong value;
        if (first + 8 <= source.Length)
        {
            value = BinaryPrimitives.ReadUInt64LittleEndian(source[first..]) >> shift;
            if (shift + width > 64)
            {
                value |= (ulong)source[first + 8] << (64 - shift);
            }
        }
        else
        {
            value = 0;
            for (int index = source.Length - 1; index >= first; index--)
            {
                value = (value << 8) | source[index];
            }

            value >>= shift;
        }

        return width == 64 ? value : value & ((1UL << width) - 1);
    }

    private static void Check(int sourceLength, int bitOffset, int width, int widest, int room, int count)
    {
        Invariant.Holds(
            (uint)bitOffset < 8 && (uint)width <= (uint)widest && (uint)count <= (uint)room &&
            ByteCount(bitOffset, width, count) <= sourceLength,
            "packed values were not measured before they were unpacked");
    }

    // Sixteen values of up to 25 bits lie in at most 51 bytes: each lane picks the four bytes that hold its value.
    private static int Unpack32Vbmi(
        ReadOnlySpan<byte> source, int bitOffset, int width, Span<uint> destination, int count)
    {
        Vector512<uint> bits = (Vector512<uint>.Indices * (uint)width) + Vector512.Create((uint)bitOffset);
        Vector512<byte> picks = (((bits >>> 3) * 0x01010101u) + Vector512.Create(0x03020100u)).AsByte();
        Vector512<uint> shifts = bits & Vector512.Create(7u);
        Vector512<uint> mask = Vector512.Create((1u << width) - 1);
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref uint to = ref MemoryMarshal.GetReference(destination);
        nint position = 0, step = 2 * width, lastPosition = source.Length - Vector512<byte>.Count;
        int done = 0, lastDone = int.Min(count - 1, destination.Length - Vector512<uint>.Count);
        for (; done <= lastDone && position <= lastPosition; done += Vector512<uint>.Count, position += step)
        {
            Vector512<byte> bytes = Vector512.LoadUnsafe(ref Unsafe.Add(ref from, position));
            Vector512<uint> values = Avx512Vbmi.PermuteVar64x8(bytes, picks).AsUInt32();
            (Avx512F.ShiftRightLogicalVariable(values, shifts) & mask).StoreUnsafe(ref to, (nuint)done);
        }

        return int.Min(done, count);
    }

    // Eight values of up to 32 bits, in lanes of 64 bits, then narrowed.
    private static int Unpack32WideVbmi(
        ReadOnlySpan<byte> source, int bitOffset, int width, Span<uint> destination, int count)
    {
        (Vector512<byte> picks, Vector512<ulong> shifts, Vector512<ulong> mask) = Lanes64(bitOffset, width);
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref uint to = ref MemoryMarshal.GetReference(destination);
        nint position = 0, lastPosition = source.Length - Vector512<byte>.Count;
        int done = 0, lastDone = int.Min(count - 1, destination.Length - Vector512<ulong>.Count);
        for (; done <= lastDone && position <= lastPosition; done += Vector512<ulong>.Count, position += width)
        {
            Vector512<byte> bytes = Vector512.LoadUnsafe(ref Unsafe.Add(ref from, position));
            Vector512<ulong> values = Avx512Vbmi.PermuteVar64x8(bytes, picks).AsUInt64();
            values = Avx512F.ShiftRightLogicalVariable(values, shifts) & mask;
            Avx512F.ConvertToVector256UInt32(values).StoreUnsafe(ref to, (nuint)done);
        }

        return int.Min(done, count);
    }

    private static int Unpack64Vbmi(
        ReadOnlySpan<byte> source, int bitOffset, int width, Span<ulong> destination, int count)
    {
        (Vector512<byte> picks, Vector512<ulong> shifts, Vector512<ulong> mask) = Lanes64(bitOffset, width);
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref ulong to = ref MemoryMarshal.GetReference(destination);
        nint position = 0, lastPosition = source.Length - Vector512<byte>.Count;
        int done = 0, lastDone = int.Min(count - 1, destination.Length - Vector512<ulong>.Count);
        for (; done <= lastDone && position <= lastPosition; done += Vector512<ulong>.Count, position += width)
        {
            Vector512<byte> bytes = Vector512.LoadUnsafe(ref Unsafe.Add(ref from, position));
            Vector512<ulong> values = Avx512Vbmi.PermuteVar64x8(bytes, picks).AsUInt64();
            (Avx512F.ShiftRightLogicalVariable(values, shifts) & mask).StoreUnsafe(ref to, (nuint)done);
        }

        return int.Min(done, count);
    }

    // Eight values of up to 57 bits lie in at most 58 bytes: each lane picks the eight bytes that hold its value.
    private static (Vector512<byte> Picks, Vector512<ulong> Shifts, Vector512<ulong> Mask) Lanes64(
        int bitOffset, int width)
    {
        Vector512<ulong> bits = (Vector512<ulong>.Indices * (ulong)width) + Vector512.Create((ulong)bitOffset);
        Vector512<ulong> picks = ((bits >>> 3) * 0x0101010101010101UL) + Vector512.Create(0x0706050403020100UL);
        return (picks.AsByte(), bits & Vector512.Create(7UL), Vector512.Create((1UL << width) - 1));
    }

    // Four values of up to 25 bits lie in at most 14 bytes: each half loads its own sixteen.
    private static int Unpack32Avx2(
        ReadOnlySpan<byte> source, int bitOffset, int width, Span<uint> destination, int count)
    {
        int upperBit = bitOffset + (4 * width);
        int upperByte = upperBit >> 3;
        Vector128<uint> laneBits = Vector128<uint>.Indices * (uint)width;
        Vector256<uint> bits = Vector256.Create(
            laneBits + Vector128.Create((uint)bitOffset), laneBits + Vector128.Create((uint)upperBit & 7));
        Vector256<byte> picks = (((bits >>> 3) * 0x01010101u) + Vector256.Create(0x03020100u)).AsByte();
        Vector256<uint> shifts = bits & Vector256.Create(7u);
        Vector256<uint> mask = Vector256.Create((1u << width) - 1);
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref uint to = ref MemoryMarshal.GetReference(destination);
        nint position = 0, lastPosition = source.Length - upperByte - Vector128<byte>.Count;
        int done = 0, lastDone = int.Min(count - 1, destination.Length - Vector256<uint>.Count);
        for (; done <= lastDone && position <= lastPosition; done += Vector256<uint>.Count, position += width)
        {
            ref byte lower = ref Unsafe.Add(ref from, position);
            Vector256<byte> bytes = Vector256.Create(
                Vector128.LoadUnsafe(ref lower), Vector128.LoadUnsafe(ref Unsafe.Add(ref lower, upperByte)));
            Vector256<uint> values = Avx2.Shuffle(bytes, picks).AsUInt32();
            (Avx2.ShiftRightLogicalVariable(values, shifts) & mask).StoreUnsafe(ref to, (nuint)done);
        }

        return int.Min(done, count);
    }

    // Sixty-four values: each lane of eight bytes takes the bytes of its eight values, then shifts each into place.
    private static int Unpack8Vbmi(
        ReadOnlySpan<byte> source, int bitOffset, int width, Span<byte> destination, int count)
    {
        Vector512<ulong> firstBytes = Vector512<ulong>.Indices * (ulong)width;
        Vector512<byte> picks =
            ((firstBytes * 0x0101010101010101UL) + Vector512.Create(0x0706050403020100UL)).AsByte();
        ulong control = ((ulong)width * 0x0706050403020100UL) + ((ulong)bitOffset * 0x0101010101010101UL);
        Vector512<byte> shifts = Vector512.Create(control).AsByte();
        Vector512<byte> mask = Vector512.Create((byte)((1 << width) - 1));
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        nint position = 0, step = 8 * width, lastPosition = source.Length - Vector512<byte>.Count;
        int done = 0, lastDone = int.Min(count - 1, destination.Length - Vector512<byte>.Count);
        for (; done <= lastDone && position <= lastPosition; done += Vector512<byte>.Count, position += step)
        {
            Vector512<byte> bytes = Vector512.LoadUnsafe(ref Unsafe.Add(ref from, position));
            Vector512<byte> lanes = Avx512Vbmi.PermuteVar64x8(bytes, picks);
            (Avx512Vbmi.MultiShift(shifts, lanes.AsUInt64()) & mask).StoreUnsafe(ref to, (nuint)done);
        }

        return int.Min(done, count);
    }

    private static int Unpack8Bmi2(
        ReadOnlySpan<byte> source, int bitOffset, int width, Span<byte> destination, int count)
    {
        ulong mask = ((1UL << width) - 1) * 0x0101010101010101UL;
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        nint position = 0, lastPosition = source.Length - sizeof(ulong);
        int done = 0, lastDone = int.Min(count - 1, destination.Length - sizeof(ulong));
        for (; done <= lastDone && position <= lastPosition; done += sizeof(ulong), position += width)
        {
            ulong bits = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, position)) >> bitOffset;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, done), Bmi2.X64.ParallelBitDeposit(bits, mask));
        }

        return int.Min(done, count);
    }
}
