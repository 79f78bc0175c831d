using System;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation;

/// <summary>
/// Kernels of decimal arithmetic. Where the result's type has room for every outcome, as it mostly has, there is
/// neither rounding nor a check.
/// </summary>
internal static class DecimalCompiler
{
    /// <summary>The kernel of a call over decimals.</summary>
    public static Kernel Compile(Call call, Kernel[] operands)
    {
        DataType left = operands[0].Type;
        DataType right = operands[^1].Type;
        DecimalShape shape = DecimalShape.Of(left, right, call.Type);
        return call.Function switch
        {
            Function.Add or Function.Subtract => Sum(call, operands, shape),
            Function.Multiply => Product(call, operands, shape),
            Function.Divide => Binary(
                call,
                operands,
                new DecimalDivide(shape),
                (dividend, divisor) => divisor == 0 ? Failures.DivideByZero(call.Span) : OutOfRange(
                    DecimalFailures.Quotient(dividend, left.Scale, divisor, right.Scale), call.Type, call.Span),
                rightFirst: true),
            Function.IntegralDivide => WholeQuotient(call, operands, left, right),
            Function.Remainder => Binary(
                call,
                operands,
                new DecimalRemainder(shape),
                (dividend, divisor) => divisor == 0 ? Failures.RemainderByZero(call.Span) : OutOfRange(
                    DecimalFailures.Remainder(dividend, left.Scale, divisor, right.Scale), call.Type, call.Span),
                rightFirst: true),
            Function.Negate => Negate(call, operands[0], onlyNegative: false),
            Function.Abs => Negate(call, operands[0], onlyNegative: true),
            _ => throw ArithmeticCompiler.Unknown(call),
        };
    }

    private static Kernel Sum(Call call, Kernel[] operands, DecimalShape shape)
    {
        DataType left = operands[0].Type;
        DataType right = operands[1].Type;
        bool isDifference = call.Function == Function.Subtract;
        int scale = int.Max(left.Scale, right.Scale);
        int whole = int.Max(left.Precision - left.Scale, right.Precision - right.Scale);
        if (call.Type.Scale == scale && call.Type.Precision - scale > whole)
        {
            if (call.Type.Precision <= 18)
            {
                long factor = (long)DecimalMath.Power(scale - right.Scale);
                return Binary(
                    call,
                    operands,
                    new ShortDecimalAdd(
                        (long)DecimalMath.Power(scale - left.Scale), isDifference ? -factor : factor),
                    null);
            }

            if (left.Scale == right.Scale)
            {
                return isDifference
                    ? Binary(call, operands, default(SameScaleSubtract), null)
                    : Binary(call, operands, default(SameScaleAdd), null);
            }

            Int128 rightFactor = DecimalMath.Power(scale - right.Scale);
            return Binary(
                call,
                operands,
                new ExactDecimalAdd(
                    DecimalMath.Power(scale - left.Scale), isDifference ? -rightFactor : rightFactor),
                null);
        }

        QueryException Failure(Int128 first, Int128 second) => OutOfRange(
            DecimalFailures.Sum(first, left.Scale, isDifference ? -second : second, right.Scale),
            call.Type,
            call.Span);
        return isDifference
            ? Binary(call, operands, new DecimalSubtract(shape), Failure)
            : Binary(call, operands, new DecimalAdd(shape), Failure);
    }

    private static Kernel Product(Call call, Kernel[] operands, DecimalShape shape)
    {
        DataType left = operands[0].Type;
        DataType right = operands[1].Type;
        bool isExact = call.Type.Scale == left.Scale + right.Scale &&
            call.Type.Precision >= left.Precision + right.Precision;
        if (isExact)
        {
            return left.Precision <= 18 && right.Precision <= 18
                ? Binary(call, operands, default(ShortDecimalMultiply), null)
                : Binary(call, operands, default(ExactDecimalMultiply), null);
        }

        return Binary(call, operands, new DecimalMultiply(shape), (first, second) => OutOfRange(
            DecimalFailures.Product(first, left.Scale, second, right.Scale), call.Type, call.Span));
    }

    private static BinaryKernel<Int128, Int128, long, DecimalDivideWhole> WholeQuotient(
        Call call, Kernel[] operands, DataType left, DataType right)
    {
        int digits = left.Precision - left.Scale + right.Scale;
        DataType whole = DataType.Decimal(int.Clamp(digits, 1, 38), 0);
        return new BinaryKernel<Int128, Int128, long, DecimalDivideWhole>(
            operands[0],
            operands[1],
            call.Type,
            new DecimalDivideWhole(DecimalShape.Of(left, right, whole)),
            (dividend, divisor) => divisor == 0 ? Failures.DivideByZero(call.Span) : OutOfRange(
                DecimalFailures.WholeQuotient(dividend, left.Scale, divisor, right.Scale), whole, call.Span),
            rightFirst: true);
    }

    private static UnaryKernel<Int128, Int128, DecimalNegate> Negate(Call call, Kernel operand, bool onlyNegative)
    {
        Func<Int128, QueryException>? failure = operand.Type.Precision <= 34
            ? null
            : value => Failures.RoundedOutOfRange(-value, operand.Type, call.Span);
        return new UnaryKernel<Int128, Int128, DecimalNegate>(
            operand, call.Type, new DecimalNegate(operand.Type.Precision, onlyNegative), failure);
    }

    private static BinaryKernel<Int128, Int128, Int128, TOperator> Binary<TOperator>(
        Call call,
        Kernel[] operands,
        TOperator op,
        Func<Int128, Int128, QueryException>? failure,
        bool rightFirst = false)
        where TOperator : struct, IBinaryOperator<Int128, Int128, Int128> =>
        new(operands[0], operands[1], call.Type, op, failure, rightFirst);

    private static QueryException OutOfRange(string value, DataType type, TextSpan span) =>
        Failures.DecimalOutOfRange(value, type, span);
}
