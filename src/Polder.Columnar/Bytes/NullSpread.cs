using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polder.Bytes;

/// <summary>Values packed without their nulls, moved to where they belong.</summary>
internal static class NullSpread
{
    /// <summary>
    /// Moves the last <paramref name="validCount"/> values to the slots whose validity bit is set; the others become
    /// zero.
    /// </summary>
    /// <param name="values">All slots, the values packed at their end.</param>
    /// <param name="validity">A bitmap.</param>
    /// <param name="bitStart">The bit of the first slot.</param>
    /// <param name="validCount">Set bits among those of the slots; the caller has counted them.</param>
    public static void Spread<T>(Span<T> values, ReadOnlySpan<byte> validity, int bitStart, int validCount)
        where T : unmanaged
    {
        Invariant.Holds((uint)validCount <= (uint)values.Length, "more values than slots");

        // A value never moves backwards past one not yet read: the values left are at most the slots left.
        int from = values.Length - validCount;
        for (int slot = 0; slot < values.Length && slot < from; slot += 64)
        {
            int count = int.Min(64, values.Length - slot);
            ulong word = Bitmap.Load(validity, bitStart + slot, count);
            int wordValid = BitOperations.PopCount(word);
            Invariant.Holds(wordValid <= values.Length - from, "validity bits were miscounted");
            if (wordValid == 0)
            {
                values.Slice(slot, count).Clear();
            }
            else if (wordValid == count)
            {
                values.Slice(from, count).CopyTo(values[slot..]);
            }
            else
            {
                SpreadWord(values, slot, count, from, word);
            }

            from += wordValid;
        }
    }

    /// <summary>
    /// Offsets of variable-length values: moves the last ends to the slots whose bit is set; a null slot takes the end
    /// before it.
    /// </summary>
    public static void SpreadEnds(
        Span<int> ends, ReadOnlySpan<byte> validity, int bitStart, int validCount, int previousEnd)
    {
        Invariant.Holds((uint)validCount <= (uint)ends.Length, "more values than slots");
        int from = ends.Length - validCount;
        for (int slot = 0; slot < ends.Length && slot < from; slot += 64)
        {
            int count = int.Min(64, ends.Length - slot);
            ulong word = Bitmap.Load(validity, bitStart + slot, count);
            for (int index = 0; index < count; index++, word >>= 1)
            {
                if ((word & 1) != 0)
                {
                    previousEnd = ends[from++];
                }

                ends[slot + index] = previousEnd;
            }
        }
    }

    private static void SpreadWord<T>(Span<T> values, int slot, int count, int from, ulong word)
        where T : unmanaged
    {
        if (count == 64 && from + 64 <= values.Length)
        {
            if (Avx512F.IsSupported && Unsafe.SizeOf<T>() == 4)
            {
                SpreadWord32(Cast<T, uint>(values), slot, from, word);
                return;
            }

            if (Avx512F.IsSupported && Unsafe.SizeOf<T>() == 8)
            {
                SpreadWord64(Cast<T, ulong>(values), slot, from, word);
                return;
            }
        }

        for (int index = 0; index < count; index++, word >>= 1)
        {
            values[slot + index] = (word & 1) != 0 ? values[from++] : default;
        }
    }

    // Sound because: the caller checked that 64 slots and 64 values are in range; a vector is read before it is written
    // over, and values not yet read lie at or after the slots not yet written.
    private static void SpreadWord32(Span<uint> values, int slot, int from, ulong word)
    {
        ref uint first = ref MemoryMarshal.GetReference(values);
        Vector512<uint> laneBits =
            Vector512.Create(1u, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        for (int index = 0; index < 64; index += 16)
        {
            uint bits = (uint)(word >> index) & 0xFFFF;
            Vector512<uint> mask = Vector512.Equals(Vector512.Create(bits) & laneBits, laneBits);
            Vector512<uint> packed = Vector512.LoadUnsafe(ref first, (nuint)from);
            Avx512F.Expand(Vector512<uint>.Zero, mask, packed).StoreUnsafe(ref first, (nuint)(slot + index));
            from += BitOperations.PopCount(bits);
        }
    }

    private static void SpreadWord64(Span<ulong> values, int slot, int from, ulong word)
    {
        ref ulong first = ref MemoryMarshal.GetReference(values);
        Vector512<ulong> laneBits = Vector512.Create(1ul, 2, 4, 8, 16, 32, 64, 128);
        for (int index = 0; index < 64; index += 8)
        {
            ulong bits = (word >> index) & 0xFF;
            Vector512<ulong> mask = Vector512.Equals(Vector512.Create(bits) & laneBits, laneBits);
            Vector512<ulong> packed = Vector512.LoadUnsafe(ref first, (nuint)from);
            Avx512F.Expand(Vector512<ulong>.Zero, mask, packed).StoreUnsafe(ref first, (nuint)(slot + index));
            from += BitOperations.PopCount(bits);
        }
    }

    private static Span<TTo> Cast<TFrom, TTo>(Span<TFrom> values)
        where TFrom : unmanaged
        where TTo : unmanaged => MemoryMarshal.Cast<TFrom, TTo>(values);
}
