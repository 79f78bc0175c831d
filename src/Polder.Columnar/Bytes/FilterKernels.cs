using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polder.Bytes;

/// <summary>Keeps what stands under the set bits of a bitmap.</summary>
internal static class FilterKernels
{
    // Byte i of the word is i: what an eight-bit mask extracts from it are the positions of its set bits.
    private const ulong BytePositions = 0x0706050403020100;
    private const ulong LowBitOfEachByte = 0x0101010101010101;

    /// <summary>Set bits of a word from which on runs are copied whole.</summary>
    private const int DenseBits = 56;

    private static bool HasFastPath => Avx2.IsSupported && Bmi2.X64.IsSupported;

    /// <summary>The values whose bit is set, in order; returns how many.</summary>
    /// <param name="source">The values.</param>
    /// <param name="bits">One bit a value.</param>
    /// <param name="bitOffset">The bit of the first value.</param>
    /// <param name="destination">Room for the set bits.</param>
    /// <exception cref="ArgumentException">The bitmap or the destination is too short.</exception>
    public static int Values<T>(ReadOnlySpan<T> source, ReadOnlySpan<byte> bits, int bitOffset, Span<T> destination)
        where T : unmanaged
    {
        int ones = Bitmap.CountOnes(bits, bitOffset, source.Length);
        if (ones > destination.Length)
        {
            throw new ArgumentException($"{ones} values are kept, and there is room for {destination.Length}");
        }

        int written = 0;
        for (int start = 0; start < source.Length; start += 64)
        {
            int count = int.Min(64, source.Length - start);
            ulong word = Bitmap.Load(bits, bitOffset + start, count);
            if (BitOperations.PopCount(word) >= DenseBits)
            {
                written += CopyRuns(source[start..], word, destination[written..]);
            }
            else if (HasFastPath && Unsafe.SizeOf<T>() is 4 or 8 && count == 64 && destination.Length - written >= 64)
            {
                written += KeepLanes(source[start..], word, destination[written..]);
            }
            else
            {
                for (; word != 0; word &= word - 1)
                {
                    destination[written++] = source[start + BitOperations.TrailingZeroCount(word)];
                }
            }
        }

        return written;
    }

    /// <summary>The positions (from 0) of the set bits, ascending; returns how many.</summary>
    public static int Positions(ReadOnlySpan<byte> bits, int bitOffset, int count, Span<int> positions)
    {
        int found = 0;
        for (int start = 0; start < count; start += 64)
        {
            ulong word = Bitmap.Load(bits, bitOffset + start, int.Min(64, count - start));
            if (HasFastPath && word != 0 && positions.Length - found >= 64)
            {
                found += FindLanes(start, word, positions[found..]);
                continue;
            }

            for (; word != 0; word &= word - 1)
            {
                positions[found++] = start + BitOperations.TrailingZeroCount(word);
            }
        }

        return found;
    }

    /// <summary>Gathers the bits of one bitmap that stand under the set bits of another; returns how many.</summary>
    public static int Bits(
        ReadOnlySpan<byte> source, int sourceOffset, ReadOnlySpan<byte> bits, int bitOffset, int count,
        Span<byte> destination)
    {
        int written = 0;
        for (int start = 0; start < count; start += 64)
        {
            int width = int.Min(64, count - start);
            ulong word = Bitmap.Load(bits, bitOffset + start, width);
            int kept = BitOperations.PopCount(word);
            ulong taken = BitMask.Extract(Bitmap.Load(source, sourceOffset + start, width), word);
            BitMask.Store(destination, written, kept, taken);
            written += kept;
        }

        return written;
    }

    private static int CopyRuns<T>(ReadOnlySpan<T> source, ulong word, Span<T> destination)
        where T : unmanaged
    {
        int written = 0;
        while (word != 0)
        {
            int start = BitOperations.TrailingZeroCount(word);
            int count = BitOperations.TrailingZeroCount(~(word >> start));
            source.Slice(start, count).CopyTo(destination[written..]);
            written += count;
            word = start + count >= 64 ? 0 : word & (ulong.MaxValue << (start + count));
        }

        return written;
    }

    /// <summary>
    /// Where the chosen ranges will end: destination offsets from 0, one more than set bits. Returns the bytes in sum.
    /// </summary>
    /// <param name="offsets">One more than ranges.</param>
    /// <param name="bits">One bit a range, from bit 0.</param>
    /// <param name="destination">Room for the set bits and one.</param>
    public static int Offsets(ReadOnlySpan<int> offsets, ReadOnlySpan<byte> bits, Span<int> destination)
    {
        int written = 0;
        int end = 0;
        destination[0] = 0;
        for (int start = 0, stop = 0; NextRun(bits, offsets.Length - 1, ref start, ref stop); start = stop)
        {
            int shift = end - offsets[start];
            ReadOnlySpan<int> ends = offsets[(start + 1)..(stop + 1)];
            Span<int> target = destination.Slice(written + 1, ends.Length);
            for (int index = 0; index < ends.Length; index++)
            {
                target[index] = ends[index] + shift;
            }

            written += ends.Length;
            end += offsets[stop] - offsets[start];
        }

        return end;
    }

    /// <summary>The bytes of the chosen ranges, one run after the other.</summary>
    public static void Ranges(
        ReadOnlySpan<byte> source, ReadOnlySpan<int> offsets, ReadOnlySpan<byte> bits, Span<byte> destination)
    {
        for (int start = 0, stop = 0; NextRun(bits, offsets.Length - 1, ref start, ref stop); start = stop)
        {
            ReadOnlySpan<byte> run = source[offsets[start]..offsets[stop]];
            run.CopyTo(destination);
            destination = destination[run.Length..];
        }
    }

    // The next run of set bits from start on; false where there is none.
    private static bool NextRun(ReadOnlySpan<byte> bits, int count, ref int start, ref int stop)
    {
        start = Find(bits, start, count, 0);
        stop = Find(bits, start, count, ulong.MaxValue);
        return start < count;
    }

    // The next bit that is set, or with all bits flipped the next that is not; the count where there is none.
    private static int Find(ReadOnlySpan<byte> bits, int start, int count, ulong flip)
    {
        while (start < count)
        {
            int width = int.Min(64, count - start);
            int found = BitOperations.TrailingZeroCount(Bitmap.Load(bits, start, width) ^ flip);
            if (found < width)
            {
                return start + found;
            }

            start += width;
        }

        return count;
    }

    // Benefit: a third of the time of the bit by bit loop at half of the values kept.
    // Sound because: the caller has 64 values in the source and room for 64; each step writes one vector at or before
    // the step's own position.
    private static int KeepLanes<T>(ReadOnlySpan<T> source, ulong word, Span<T> destination)
        where T : unmanaged
    {
        ref uint from = ref Unsafe.As<T, uint>(ref MemoryMarshal.GetReference(source));
        ref uint to = ref Unsafe.As<T, uint>(ref MemoryMarshal.GetReference(destination));
        int lanesPerValue = Unsafe.SizeOf<T>() / sizeof(uint);
        int valuesPerStep = Vector256<uint>.Count / lanesPerValue;
        uint stepMask = (1u << valuesPerStep) - 1;
        nuint written = 0;
        for (int step = 0; step < 64; step += valuesPerStep)
        {
            uint mask = (uint)(word >> step) & stepMask;
            uint lanes = lanesPerValue == 1 ? mask : (uint)Bmi2.X64.ParallelBitDeposit(mask, 0x55) * 3;
            Vector256<uint> values = Vector256.LoadUnsafe(ref from, (nuint)(step * lanesPerValue));
            Avx2.PermuteVar8x32(values, LanePositions(lanes).AsUInt32()).StoreUnsafe(ref to, written);
            written += (nuint)BitOperations.PopCount(lanes);
        }

        return (int)written / lanesPerValue;
    }

    // Sound because: as above, the positions have room for 64.
    private static int FindLanes(int start, ulong word, Span<int> positions)
    {
        ref int to = ref MemoryMarshal.GetReference(positions);
        nuint written = 0;
        for (int step = 0; step < 64; step += 8)
        {
            uint mask = (uint)(word >> step) & 0xFF;
            (LanePositions(mask) + Vector256.Create(start + step)).StoreUnsafe(ref to, written);
            written += (nuint)BitOperations.PopCount(mask);
        }

        return (int)written;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> LanePositions(uint mask)
    {
        ulong bytes = Bmi2.X64.ParallelBitDeposit(mask, LowBitOfEachByte) * 0xFF;
        ulong positions = Bmi2.X64.ParallelBitExtract(BytePositions, bytes);
        return Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(positions).AsByte());
    }
}
