using System;
using System.Numerics;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation;

/// <summary>The types of a decimal operation.</summary>
internal readonly record struct DecimalShape(int LeftScale, int RightScale, int Precision, int Scale)
{
    /// <summary>The shape of operands and a result.</summary>
    public static DecimalShape Of(DataType left, DataType right, DataType result) =>
        new(left.Scale, right.Scale, result.Precision, result.Scale);
}

/// <summary>
/// left + right or left - right where the result's type has at most 18 digits and room for every sum.
/// </summary>
internal readonly struct ShortDecimalAdd(long leftFactor, long rightFactor) : IBinaryOperator<Int128, Int128, Int128>
{
    private readonly long _leftFactor = leftFactor;
    private readonly long _rightFactor = rightFactor;

    /// <inheritdoc />
    public bool TryApply(Int128 left, Int128 right, out Int128 result)
    {
        result = unchecked(((long)left * _leftFactor) + ((long)right * _rightFactor));
        return true;
    }
}

/// <summary>left + right or left - right where the result's type has room for every sum.</summary>
internal readonly struct ExactDecimalAdd(Int128 leftFactor, Int128 rightFactor)
    : IBinaryOperator<Int128, Int128, Int128>
{
    private readonly Int128 _leftFactor = leftFactor;
    private readonly Int128 _rightFactor = rightFactor;

    /// <inheritdoc />
    public bool TryApply(Int128 left, Int128 right, out Int128 result)
    {
        result = unchecked((left * _leftFactor) + (right * _rightFactor));
        return true;
    }
}

/// <summary>left + right or left - right of one scale where the result's type has room for every sum.</summary>
internal readonly struct SameScaleAdd : IBinaryOperator<Int128, Int128, Int128>
{
    /// <inheritdoc />
    public bool TryApply(Int128 left, Int128 right, out Int128 result)
    {
        result = unchecked(left + right);
        return true;
    }
}

/// <summary>left - right of one scale where the result's type has room for every difference.</summary>
internal readonly struct SameScaleSubtract : IBinaryOperator<Int128, Int128, Int128>
{
    /// <inheritdoc />
    public bool TryApply(Int128 left, Int128 right, out Int128 result)
    {
        result = unchecked(left - right);
        return true;
    }
}

/// <summary>left + right with rounding and a check.</summary>
internal readonly struct DecimalAdd(DecimalShape shape) : IBinaryOperator<Int128, Int128, Int128>
{
    private readonly DecimalShape _shape = shape;

    /// <inheritdoc />
    public bool TryApply(Int128 left, Int128 right, out Int128 result) => DecimalMath.TryAdd(
        left, _shape.LeftScale, right, _shape.RightScale, _shape.Precision, _shape.Scale, out result);
}

/// <summary>left - right with rounding and a check.</summary>
internal readonly struct DecimalSubtract(DecimalShape shape) : IBinaryOperator<Int128, Int128, Int128>
{
    private readonly DecimalShape _shape = shape;

    /// <inheritdoc />
    public bool TryApply(Int128 left, Int128 right, out Int128 result) => DecimalMath.TryAdd(
        left, _shape.LeftScale, -right, _shape.RightScale, _shape.Precision, _shape.Scale, out result);
}

/// <summary>left × right of at most 18 digits each, the result's type having room for every product.</summary>
internal readonly struct ShortDecimalMultiply : IBinaryOperator<Int128, Int128, Int128>
{
    /// <inheritdoc />
    public bool TryApply(Int128 left, Int128 right, out Int128 result)
    {
        long high = Math.BigMul((long)left, (long)right, out long low);
        result = new Int128((ulong)high, (ulong)low);
        return true;
    }
}

/// <summary>left × right, the result's type having room for every product.</summary>
internal readonly struct ExactDecimalMultiply : IBinaryOperator<Int128, Int128, Int128>
{
    /// <inheritdoc />
    public bool TryApply(Int128 left, Int128 right, out Int128 result)
    {
        result = unchecked(left * right);
        return true;
    }
}

/// <summary>left × right with rounding and a check.</summary>
internal readonly struct DecimalMultiply(DecimalShape shape) : IBinaryOperator<Int128, Int128, Int128>
{
    private readonly DecimalShape _shape = shape;

    /// <inheritdoc />
    public bool TryApply(Int128 left, Int128 right, out Int128 result) => DecimalMath.TryMultiply(
        left, _shape.LeftScale, right, _shape.RightScale, _shape.Precision, _shape.Scale, out result);
}

/// <summary>left / right with rounding and a check; false for zero.</summary>
internal readonly struct DecimalDivide(DecimalShape shape) : IBinaryOperator<Int128, Int128, Int128>
{
    private readonly DecimalShape _shape = shape;

    /// <inheritdoc />
    public bool TryApply(Int128 left, Int128 right, out Int128 result) => DecimalMath.TryDivide(
        left, _shape.LeftScale, right, _shape.RightScale, _shape.Precision, _shape.Scale, out result);
}

/// <summary>left div right, to bigint; false for zero.</summary>
internal readonly struct DecimalDivideWhole(DecimalShape shape) : IBinaryOperator<Int128, Int128, long>
{
    private readonly DecimalShape _shape = shape;

    /// <inheritdoc />
    public bool TryApply(Int128 left, Int128 right, out long result) => DecimalMath.TryDivideWhole(
        left, _shape.LeftScale, right, _shape.RightScale, _shape.Precision, out result);
}

/// <summary>left % right; false for zero.</summary>
internal readonly struct DecimalRemainder(DecimalShape shape) : IBinaryOperator<Int128, Int128, Int128>
{
    private readonly DecimalShape _shape = shape;

    /// <inheritdoc />
    public bool TryApply(Int128 left, Int128 right, out Int128 result) => DecimalMath.TryRemainder(
        left, _shape.LeftScale, right, _shape.RightScale, _shape.Precision, _shape.Scale, out result);
}

/// <summary>-value, or |value|, rounded beyond 34 digits as Spark does.</summary>
internal readonly struct DecimalNegate(int precision, bool onlyNegative) : IUnaryOperator<Int128, Int128>
{
    private readonly int _precision = precision;
    private readonly bool _onlyNegative = onlyNegative;

    /// <inheritdoc />
    public bool TryApply(Int128 input, out Int128 result)
    {
        result = input;
        return (_onlyNegative && input >= 0) || DecimalMath.TryNegate(input, _precision, out result);
    }
}

/// <summary>
/// The values that Spark's errors show: exact sums, products of 39 digits, quotients of scale 39, cut off.
/// </summary>
internal static class DecimalFailures
{
    /// <summary>The exact sum.</summary>
    public static string Sum(Int128 left, int leftScale, Int128 right, int rightScale)
    {
        int scale = int.Max(leftScale, rightScale);
        BigInteger sum = ((BigInteger)left * BigInteger.Pow(10, scale - leftScale)) +
            ((BigInteger)right * BigInteger.Pow(10, scale - rightScale));
        return DecimalText.Format(sum, scale);
    }

    /// <summary>The product, cut off after 39 digits.</summary>
    public static string Product(Int128 left, int leftScale, Int128 right, int rightScale) =>
        CutOff((BigInteger)left * right, leftScale + rightScale);

    /// <summary>The quotient, cut off after 39 decimals.</summary>
    public static string Quotient(Int128 left, int leftScale, Int128 right, int rightScale)
    {
        BigInteger dividend = (BigInteger)left * BigInteger.Pow(10, rightScale + 39);
        return DecimalText.Format(dividend / ((BigInteger)right * BigInteger.Pow(10, leftScale)), 39);
    }

    /// <summary>The whole quotient.</summary>
    public static string WholeQuotient(Int128 left, int leftScale, Int128 right, int rightScale) => DecimalText.Format(
        (BigInteger)left * BigInteger.Pow(10, rightScale) / ((BigInteger)right * BigInteger.Pow(10, leftScale)), 0);

    /// <summary>The remainder, exact.</summary>
    public static string Remainder(Int128 left, int leftScale, Int128 right, int rightScale)
    {
        int scale = int.Max(leftScale, rightScale);
        return DecimalText.Format(
            BigInteger.Remainder(
                (BigInteger)left * BigInteger.Pow(10, scale - leftScale),
                (BigInteger)right * BigInteger.Pow(10, scale - rightScale)),
            scale);
    }

    private static string CutOff(BigInteger unscaled, int scale)
    {
        while (BigInteger.Abs(unscaled) >= BigInteger.Pow(10, 39))
        {
            unscaled /= 10;
            scale--;
        }

        return DecimalText.Format(unscaled, scale);
    }
}
