using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Polder.Bytes;

/// <summary>An operation on many numbers at a time that notes overflow in the sign bits of its lanes.</summary>
internal interface ILaneOperator<T>
    where T : unmanaged
{
    /// <summary>Computes; sets the sign bit of each lane of <paramref name="overflow"/> that overflows.</summary>
    static abstract Vector256<T> Lanes(Vector256<T> left, Vector256<T> right, ref Vector256<T> overflow);
}

/// <summary>Arithmetic on columns of numbers.</summary>
internal static class ArithmeticKernels
{
    /// <summary>
    /// Computes whole vectors of results; either side may be one value for all. Returns how many results it wrote, the
    /// rest being the caller's.
    /// </summary>
    /// <param name="left">The left operands, or one.</param>
    /// <param name="right">The right operands, or one.</param>
    /// <param name="results">Where the results go.</param>
    /// <param name="succeeded">Cleared where a result overflows.</param>
    public static int Compute<T, TOperator>(
        ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> results, ref bool succeeded)
        where T : unmanaged
        where TOperator : struct, ILaneOperator<T>
    {
        int width = Vector256<T>.Count;
        if (!Vector256.IsHardwareAccelerated || results.Length < width)
        {
            return 0;
        }

        bool leftIsOne = left.Length == 1;
        bool rightIsOne = right.Length == 1;
        ref T leftStart = ref MemoryMarshal.GetReference(left);
        ref T rightStart = ref MemoryMarshal.GetReference(right);
        ref T resultStart = ref MemoryMarshal.GetReference(results);
        Vector256<T> leftAll = Vector256.Create(leftStart);
        Vector256<T> rightAll = Vector256.Create(rightStart);
        Vector256<T> overflow = Vector256<T>.Zero;
        int row = 0;
        for (; row <= results.Length - width; row += width)
        {
            Vector256<T> leftLanes = leftIsOne ? leftAll : Vector256.LoadUnsafe(ref leftStart, (nuint)row);
            Vector256<T> rightLanes = rightIsOne ? rightAll : Vector256.LoadUnsafe(ref rightStart, (nuint)row);
            TOperator.Lanes(leftLanes, rightLanes, ref overflow).StoreUnsafe(ref resultStart, (nuint)row);
        }

        succeeded &= overflow.ExtractMostSignificantBits() == 0;
        return row;
    }
}

/// <summary>left + right of whole numbers.</summary>
internal readonly struct CheckedAddLanes<T> : ILaneOperator<T>
    where T : unmanaged
{
    /// <inheritdoc />
    public static Vector256<T> Lanes(Vector256<T> left, Vector256<T> right, ref Vector256<T> overflow)
    {
        Vector256<T> sum = left + right;
        overflow |= (left ^ sum) & (right ^ sum);
        return sum;
    }
}

/// <summary>left - right of whole numbers.</summary>
internal readonly struct CheckedSubtractLanes<T> : ILaneOperator<T>
    where T : unmanaged
{
    /// <inheritdoc />
    public static Vector256<T> Lanes(Vector256<T> left, Vector256<T> right, ref Vector256<T> overflow)
    {
        Vector256<T> difference = left - right;
        overflow |= (left ^ right) & (left ^ difference);
        return difference;
    }
}

/// <summary>left + right, wrapping or floating.</summary>
internal readonly struct AddLanes<T> : ILaneOperator<T>
    where T : unmanaged
{
    /// <inheritdoc />
    public static Vector256<T> Lanes(Vector256<T> left, Vector256<T> right, ref Vector256<T> overflow) => left + right;
}

/// <summary>left - right, wrapping or floating.</summary>
internal readonly struct SubtractLanes<T> : ILaneOperator<T>
    where T : unmanaged
{
    /// <inheritdoc />
    public static Vector256<T> Lanes(Vector256<T> left, Vector256<T> right, ref Vector256<T> overflow) => left - right;
}

/// <summary>left × right, floating.</summary>
internal readonly struct MultiplyLanes<T> : ILaneOperator<T>
    where T : unmanaged
{
    /// <inheritdoc />
    public static Vector256<T> Lanes(Vector256<T> left, Vector256<T> right, ref Vector256<T> overflow) => left * right;
}
