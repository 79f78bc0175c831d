using System;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Polder.Bytes;

/// <summary>A comparison of two numbers, one by one and many at a time.</summary>
internal interface ICompareOperator<T>
    where T : unmanaged
{
    /// <summary>The truth.</summary>
    static abstract bool Scalar(T left, T right);

    /// <summary>The same for every lane: all ones or all zeros.</summary>
    static abstract Vector256<T> Lanes(Vector256<T> left, Vector256<T> right);
}

/// <summary>Compares columns of numbers into bitmaps.</summary>
internal static class CompareKernels
{
    /// <summary>
    /// bits[i] = left[i] op right[i]; either side may be one value for all. Eight results a byte, the last byte padded
    /// with zeros.
    /// </summary>
    public static void Compare<T, TOperator>(
        ReadOnlySpan<T> left, ReadOnlySpan<T> right, int count, Span<byte> bits)
        where T : unmanaged
        where TOperator : struct, ICompareOperator<T>
    {
        int start = 0;
        if (Vector256.IsHardwareAccelerated && Vector256<T>.IsSupported && count >= 32)
        {
            start = CompareLanes<T, TOperator>(left, right, count, bits);
        }

        int leftStep = left.Length == 1 ? 0 : 1;
        int rightStep = right.Length == 1 ? 0 : 1;
        for (int index = start; index < count; index += 8)
        {
            int end = int.Min(8, count - index);
            int packed = 0;
            for (int bit = 0; bit < end; bit++)
            {
                int row = index + bit;
                packed |= (TOperator.Scalar(left[row * leftStep], right[row * rightStep]) ? 1 : 0) << bit;
            }

            bits[index >> 3] = (byte)packed;
        }
    }

    // Whole groups of 32 rows: each group is 4 bytes of result, whatever the width of a lane.
    private static int CompareLanes<T, TOperator>(
        ReadOnlySpan<T> left, ReadOnlySpan<T> right, int count, Span<byte> bits)
        where T : unmanaged
        where TOperator : struct, ICompareOperator<T>
    {
        int width = Vector256<T>.Count;
        int groups = count / 32;
        ref T leftStart = ref MemoryMarshal.GetReference(left);
        ref T rightStart = ref MemoryMarshal.GetReference(right);
        bool leftIsOne = left.Length == 1;
        bool rightIsOne = right.Length == 1;
        Vector256<T> leftAll = Vector256.Create(leftStart);
        Vector256<T> rightAll = Vector256.Create(rightStart);
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(bits);
        for (int group = 0; group < groups; group++)
        {
            uint word = 0;
            for (int lane = 0; lane < 32; lane += width)
            {
                nuint row = (nuint)((group * 32) + lane);
                Vector256<T> leftLanes = leftIsOne ? leftAll : Vector256.LoadUnsafe(ref leftStart, row);
                Vector256<T> rightLanes = rightIsOne ? rightAll : Vector256.LoadUnsafe(ref rightStart, row);
                word |= TOperator.Lanes(leftLanes, rightLanes).ExtractMostSignificantBits() << lane;
            }

            words[group] = word;
        }

        return groups * 32;
    }
}

/// <summary>left = right.</summary>
internal readonly struct EqualOperator<T> : ICompareOperator<T>
    where T : unmanaged, IEqualityOperators<T, T, bool>
{
    /// <inheritdoc />
    public static bool Scalar(T left, T right) => left == right;

    /// <inheritdoc />
    public static Vector256<T> Lanes(Vector256<T> left, Vector256<T> right) => Vector256.Equals(left, right);
}

/// <summary>left &lt; right.</summary>
internal readonly struct LessOperator<T> : ICompareOperator<T>
    where T : unmanaged, IComparisonOperators<T, T, bool>
{
    /// <inheritdoc />
    public static bool Scalar(T left, T right) => left < right;

    /// <inheritdoc />
    public static Vector256<T> Lanes(Vector256<T> left, Vector256<T> right) => Vector256.LessThan(left, right);
}

/// <summary>left ≤ right.</summary>
internal readonly struct LessOrEqualOperator<T> : ICompareOperator<T>
    where T : unmanaged, IComparisonOperators<T, T, bool>
{
    /// <inheritdoc />
    public static bool Scalar(T left, T right) => left <= right;

    /// <inheritdoc />
    public static Vector256<T> Lanes(Vector256<T> left, Vector256<T> right) => Vector256.LessThanOrEqual(left, right);
}

/// <summary>left = right where NaN equals NaN.</summary>
internal readonly struct FloatEqualOperator<T> : ICompareOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc />
    public static bool Scalar(T left, T right) => left == right || (T.IsNaN(left) && T.IsNaN(right));

    /// <inheritdoc />
    public static Vector256<T> Lanes(Vector256<T> left, Vector256<T> right) =>
        Vector256.Equals(left, right) | ~(Vector256.Equals(left, left) | Vector256.Equals(right, right));
}

/// <summary>left &lt; right where NaN is the greatest.</summary>
internal readonly struct FloatLessOperator<T> : ICompareOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc />
    public static bool Scalar(T left, T right) => left < right || (T.IsNaN(right) && !T.IsNaN(left));

    /// <inheritdoc />
    public static Vector256<T> Lanes(Vector256<T> left, Vector256<T> right) =>
        Vector256.LessThan(left, right) | (Vector256.Equals(left, left) & ~Vector256.Equals(right, right));
}

/// <summary>left ≤ right where NaN is the greatest and equals itself.</summary>
internal readonly struct FloatLessOrEqualOperator<T> : ICompareOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc />
    public static bool Scalar(T left, T right) => left <= right || T.IsNaN(right);

    /// <inheritdoc />
    public static Vector256<T> Lanes(Vector256<T> left, Vector256<T> right) =>
        Vector256.LessThanOrEqual(left, right) | ~Vector256.Equals(right, right);
}

/// <summary>An operator on the lower 64 bits, for 128-bit numbers that need no more; never run in lanes.</summary>
internal readonly struct LowHalfOperator<TOperator> : ICompareOperator<Int128>
    where TOperator : struct, ICompareOperator<long>
{
    /// <inheritdoc />
    public static bool Scalar(Int128 left, Int128 right) => TOperator.Scalar((long)left, (long)right);

    /// <inheritdoc />
    public static Vector256<Int128> Lanes(Vector256<Int128> left, Vector256<Int128> right) =>
        throw new NotSupportedException("there are no lanes of 128 bits");
}
