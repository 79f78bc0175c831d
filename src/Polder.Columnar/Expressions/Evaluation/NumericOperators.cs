using System;
using System.Numerics;
using Polder.Bytes;
using Polder.Columns.Kernels;

namespace Polder.Expressions.Evaluation;

/// <summary>left + right of 8 to 64 bits; false on overflow.</summary>
internal readonly struct CheckedAdd<T> : IBinaryOperator<T, T, T>
    where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T>
{
    /// <inheritdoc />
    public bool TryApply(T left, T right, out T result)
    {
        result = unchecked(left + right);
        return !T.IsNegative((left ^ result) & (right ^ result));
    }

    /// <inheritdoc />
    public static int Compute(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> results, ref bool succeeded) =>
        ArithmeticKernels.Compute<T, CheckedAddLanes<T>>(left, right, results, ref succeeded);
}

/// <summary>left - right of 8 to 64 bits; false on overflow.</summary>
internal readonly struct CheckedSubtract<T> : IBinaryOperator<T, T, T>
    where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T>
{
    /// <inheritdoc />
    public bool TryApply(T left, T right, out T result)
    {
        result = unchecked(left - right);
        return !T.IsNegative((left ^ right) & (left ^ result));
    }

    /// <inheritdoc />
    public static int Compute(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> results, ref bool succeeded) =>
        ArithmeticKernels.Compute<T, CheckedSubtractLanes<T>>(left, right, results, ref succeeded);
}

/// <summary>left × right of 8 to 32 bits, by way of 64; false on overflow.</summary>
internal readonly struct CheckedMultiply<T> : IBinaryOperator<T, T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <inheritdoc />
    public bool TryApply(T left, T right, out T result)
    {
        long product = long.CreateTruncating(left) * long.CreateTruncating(right);
        result = T.CreateTruncating(product);
        return long.CreateTruncating(result) == product;
    }
}

/// <summary>left × right of 64 bits; false on overflow.</summary>
internal readonly struct CheckedMultiplyLong : IBinaryOperator<long, long, long>
{
    /// <inheritdoc />
    public bool TryApply(long left, long right, out long result)
    {
        long high = Math.BigMul(left, right, out result);
        return high == result >> 63;
    }
}

/// <summary>left + right, wrapping or IEEE: never fails.</summary>
internal readonly struct PlainAdd<T> : IBinaryOperator<T, T, T>
    where T : unmanaged, INumber<T>
{
    /// <inheritdoc />
    public bool TryApply(T left, T right, out T result)
    {
        result = unchecked(left + right);
        return true;
    }

    /// <inheritdoc />
    public static int Compute(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> results, ref bool succeeded) =>
        ArithmeticKernels.Compute<T, AddLanes<T>>(left, right, results, ref succeeded);
}

/// <summary>left - right, wrapping or IEEE: never fails.</summary>
internal readonly struct PlainSubtract<T> : IBinaryOperator<T, T, T>
    where T : unmanaged, INumber<T>
{
    /// <inheritdoc />
    public bool TryApply(T left, T right, out T result)
    {
        result = unchecked(left - right);
        return true;
    }

    /// <inheritdoc />
    public static int Compute(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> results, ref bool succeeded) =>
        ArithmeticKernels.Compute<T, SubtractLanes<T>>(left, right, results, ref succeeded);
}

/// <summary>left × right, IEEE: never fails.</summary>
internal readonly struct PlainMultiply<T> : IBinaryOperator<T, T, T>
    where T : unmanaged, INumber<T>
{
    /// <inheritdoc />
    public bool TryApply(T left, T right, out T result)
    {
        result = unchecked(left * right);
        return true;
    }

    /// <inheritdoc />
    public static int Compute(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> results, ref bool succeeded) =>
        ArithmeticKernels.Compute<T, MultiplyLanes<T>>(left, right, results, ref succeeded);
}

/// <summary>left / right of floating point; false for zero, NaN divided by zero included.</summary>
internal readonly struct FloatDivide<T> : IBinaryOperator<T, T, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc />
    public bool TryApply(T left, T right, out T result)
    {
        result = left / right;
        return right != T.Zero;
    }
}

/// <summary>left % right with the sign of the left; false for zero.</summary>
internal readonly struct FloatRemainder<T> : IBinaryOperator<T, T, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc />
    public bool TryApply(T left, T right, out T result)
    {
        bool isDivisible = right != T.Zero;
        result = isDivisible ? left % right : T.Zero;
        return isDivisible;
    }
}

/// <summary>left % right with the sign of the left; false for zero. The smallest % -1 is 0.</summary>
internal readonly struct IntegerRemainder<T> : IBinaryOperator<T, T, T>
    where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T>
{
    /// <inheritdoc />
    public bool TryApply(T left, T right, out T result)
    {
        bool isDivisible = right != T.Zero;
        result = isDivisible && right != T.NegativeOne ? left % right : T.Zero;
        return isDivisible;
    }
}

/// <summary>left div right, to bigint; false for zero and for the smallest bigint div -1.</summary>
internal readonly struct IntegerDivide<T> : IBinaryOperator<T, T, long>
    where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T>
{
    /// <inheritdoc />
    public bool TryApply(T left, T right, out long result)
    {
        long dividend = long.CreateTruncating(left);
        long divisor = long.CreateTruncating(right);
        bool isDefined = divisor != 0 && (divisor != -1 || dividend != long.MinValue);
        result = isDefined ? dividend / divisor : 0;
        return isDefined;
    }
}

/// <summary>-value; false for the smallest.</summary>
internal readonly struct CheckedNegate<T> : IUnaryOperator<T, T>
    where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T>
{
    /// <inheritdoc />
    public bool TryApply(T input, out T result)
    {
        result = unchecked(-input);
        return !T.IsNegative(input & result);
    }
}

/// <summary>-value; +0.0 becomes -0.0.</summary>
internal readonly struct FloatNegate<T> : IUnaryOperator<T, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc />
    public bool TryApply(T input, out T result)
    {
        result = -input;
        return true;
    }
}

/// <summary>|value|; false for the smallest.</summary>
internal readonly struct CheckedAbs<T> : IUnaryOperator<T, T>
    where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T>
{
    /// <inheritdoc />
    public bool TryApply(T input, out T result)
    {
        result = T.IsNegative(input) ? unchecked(-input) : input;
        return !T.IsNegative(result);
    }
}

/// <summary>|value|.</summary>
internal readonly struct FloatAbs<T> : IUnaryOperator<T, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc />
    public bool TryApply(T input, out T result)
    {
        result = T.Abs(input);
        return true;
    }
}

/// <summary>left &amp; right.</summary>
internal readonly struct BitwiseAnd<T> : IBinaryOperator<T, T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <inheritdoc />
    public bool TryApply(T left, T right, out T result)
    {
        result = left & right;
        return true;
    }
}

/// <summary>left | right.</summary>
internal readonly struct BitwiseOr<T> : IBinaryOperator<T, T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <inheritdoc />
    public bool TryApply(T left, T right, out T result)
    {
        result = left | right;
        return true;
    }
}

/// <summary>left ^ right.</summary>
internal readonly struct BitwiseXor<T> : IBinaryOperator<T, T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <inheritdoc />
    public bool TryApply(T left, T right, out T result)
    {
        result = left ^ right;
        return true;
    }
}

/// <summary>~value.</summary>
internal readonly struct BitwiseNot<T> : IUnaryOperator<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <inheritdoc />
    public bool TryApply(T input, out T result)
    {
        result = ~input;
        return true;
    }
}
