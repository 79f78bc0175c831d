using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polder.Bytes;

/// <summary>Deltas to running sums, in place, wrapping around.</summary>
internal static class PrefixSum
{
    /// <summary>Running sums of a delta that is always the same.</summary>
    public static void Steps(Span<int> sums, int start, int step)
    {
        int index = 0;
        if (Vector256.IsHardwareAccelerated && sums.Length >= Vector256<int>.Count)
        {
            ref int first = ref MemoryMarshal.GetReference(sums);
            Vector256<int> values = Vector256.Create(start + step) + (Vector256<int>.Indices * step);
            Vector256<int> stride = Vector256.Create(step * Vector256<int>.Count);
            for (; index + Vector256<int>.Count <= sums.Length; index += Vector256<int>.Count)
            {
                values.StoreUnsafe(ref first, (nuint)index);
                values += stride;
            }
        }

        for (; index < sums.Length; index++)
        {
            sums[index] = unchecked(start + ((index + 1) * step));
        }
    }

    /// <summary>Each value becomes <paramref name="last"/> plus all deltas up to its own, each raised.</summary>
    public static void Accumulate(Span<int> deltas, int addend, ref int last)
    {
        int index = 0;
        int sum = last;
        if (Avx512F.IsSupported && deltas.Length >= Vector512<int>.Count)
        {
            ref int first = ref MemoryMarshal.GetReference(deltas);
            Vector512<int> carry = Vector512.Create(sum);
            Vector512<int> addends = Vector512.Create(addend);
            Vector512<int> lastLane = Vector512.Create(Vector512<int>.Count - 1);
            for (; index + Vector512<int>.Count <= deltas.Length; index += Vector512<int>.Count)
            {
                Vector512<int> values = Vector512.LoadUnsafe(ref first, (nuint)index) + addends;
                values += Avx512F.AlignRight32(values, Vector512<int>.Zero, 15);
                values += Avx512F.AlignRight32(values, Vector512<int>.Zero, 14);
                values += Avx512F.AlignRight32(values, Vector512<int>.Zero, 12);
                values += Avx512F.AlignRight32(values, Vector512<int>.Zero, 8);
                values += carry;
                values.StoreUnsafe(ref first, (nuint)index);
                carry = Avx512F.PermuteVar16x32(values, lastLane);
            }

            sum = carry.GetElement(0);
        }

        for (; index < deltas.Length; index++)
        {
            sum = unchecked(sum + deltas[index] + addend);
            deltas[index] = sum;
        }

        last = sum;
    }

    /// <summary>The same for 64 bits.</summary>
    public static void Accumulate(Span<long> deltas, long addend, ref long last)
    {
        int index = 0;
        long sum = last;
        if (Avx512F.IsSupported && deltas.Length >= Vector512<long>.Count)
        {
            ref long first = ref MemoryMarshal.GetReference(deltas);
            Vector512<long> carry = Vector512.Create(sum);
            Vector512<long> addends = Vector512.Create(addend);
            Vector512<long> lastLane = Vector512.Create(Vector512<long>.Count - 1L);
            for (; index + Vector512<long>.Count <= deltas.Length; index += Vector512<long>.Count)
            {
                Vector512<long> values = Vector512.LoadUnsafe(ref first, (nuint)index) + addends;
                values += Avx512F.AlignRight64(values, Vector512<long>.Zero, 7);
                values += Avx512F.AlignRight64(values, Vector512<long>.Zero, 6);
                values += Avx512F.AlignRight64(values, Vector512<long>.Zero, 4);
                values += carry;
                values.StoreUnsafe(ref first, (nuint)index);
                carry = Avx512F.PermuteVar8x64(values, lastLane);
            }

            sum = carry.GetElement(0);
        }

        for (; index < deltas.Length; index++)
        {
            sum = unchecked(sum + deltas[index] + addend);
            deltas[index] = sum;
        }

        last = sum;
    }
}
