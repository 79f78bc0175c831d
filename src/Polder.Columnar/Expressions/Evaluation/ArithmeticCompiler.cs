using System;
using System.Numerics;
using Polder.Columns;
using Polder.Expressions.Evaluation.Values;

namespace Polder.Expressions.Evaluation;

/// <summary>
/// Kernels of + - * / div %, unary minus, abs and the bitwise operators over numbers; dates and intervals are
/// passed on.
/// </summary>
internal static class ArithmeticCompiler
{
    /// <summary>The kernel of a call over operands of the types it takes.</summary>
    public static Kernel Compile(Call call, Kernel[] operands, EvaluationContext context)
    {
        if (!Array.TrueForAll(operands, operand => operand.Type.IsNumeric || operand.Type.Kind == TypeKind.Void))
        {
            return TemporalCompiler.Compile(call, operands, context);
        }

        if (Array.Exists(operands, operand => operand.Type.Kind == TypeKind.Void))
        {
            return new ConstantKernel(Vector.Null(call.Type));
        }

        return operands[0].Type.Kind switch
        {
            TypeKind.Byte => Small<sbyte>(call, operands, value => SqlText.Literal((short)value)),
            TypeKind.Short => Small<short>(call, operands, SqlText.Literal),
            TypeKind.Integer => Integers<int>(call, operands),
            TypeKind.Long => Integers<long>(call, operands),
            TypeKind.Float => Floats<float>(call, operands),
            TypeKind.Double => Floats<double>(call, operands),
            _ => DecimalCompiler.Compile(call, operands),
        };
    }

    private static Kernel Small<T>(Call call, Kernel[] operands, Func<T, string> literal)
        where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T>
    {
        Func<T, T, QueryException> Overflow(string symbol, string tryFunction) => (left, right) =>
            Failures.BinaryOverflow(literal(left), symbol, literal(right), tryFunction, call.Span);
        return call.Function switch
        {
            Function.Add => Binary<T, CheckedAdd<T>>(call, operands, Overflow("+", "add")),
            Function.Subtract => Binary<T, CheckedSubtract<T>>(call, operands, Overflow("-", "subtract")),
            Function.Multiply => Binary<T, CheckedMultiply<T>>(call, operands, Overflow("*", "multiply")),
            _ => Integers<T>(call, operands),
        };
    }

    private static Kernel Integers<T>(Call call, Kernel[] operands)
        where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T>
    {
        Func<T, T, QueryException> Overflow(string tryFunction) =>
            (_, _) => Failures.ArithmeticOverflow(tryFunction, call.Span);
        QueryException UnaryOverflow(T value) => Failures.ArithmeticOverflow(null, call.Span);
        return call.Function switch
        {
            Function.Add => Binary<T, CheckedAdd<T>>(call, operands, Overflow("add")),
            Function.Subtract => Binary<T, CheckedSubtract<T>>(call, operands, Overflow("subtract")),
            Function.Multiply when typeof(T) == typeof(long) => Binary<long, CheckedMultiplyLong>(
                call, operands, (_, _) => Failures.ArithmeticOverflow("multiply", call.Span)),
            Function.Multiply => Binary<T, CheckedMultiply<T>>(call, operands, Overflow("multiply")),
            Function.IntegralDivide => new BinaryKernel<T, T, long, IntegerDivide<T>>(
                operands[0],
                operands[1],
                call.Type,
                default,
                (_, right) => right == T.Zero
                    ? Failures.DivideByZero(call.Span)
                    : Failures.ArithmeticOverflow("divide", call.Span, "Overflow in integral divide"),
                rightFirst: true),
            Function.Remainder => Binary<T, IntegerRemainder<T>>(
                call, operands, (_, _) => Failures.RemainderByZero(call.Span), rightFirst: true),
            Function.Negate => new UnaryKernel<T, T, CheckedNegate<T>>(
                operands[0], call.Type, default, UnaryOverflow),
            Function.Abs => new UnaryKernel<T, T, CheckedAbs<T>>(operands[0], call.Type, default, UnaryOverflow),
            Function.BitwiseAnd => Binary<T, BitwiseAnd<T>>(call, operands, null),
            Function.BitwiseOr => Binary<T, BitwiseOr<T>>(call, operands, null),
            Function.BitwiseXor => Binary<T, BitwiseXor<T>>(call, operands, null),
            Function.BitwiseNot => new UnaryKernel<T, T, BitwiseNot<T>>(operands[0], call.Type, default),
            _ => throw Unknown(call),
        };
    }

    private static Kernel Floats<T>(Call call, Kernel[] operands)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => call.Function switch
        {
            Function.Add => Binary<T, PlainAdd<T>>(call, operands, null),
            Function.Subtract => Binary<T, PlainSubtract<T>>(call, operands, null),
            Function.Multiply => Binary<T, PlainMultiply<T>>(call, operands, null),
            Function.Divide => Binary<T, FloatDivide<T>>(
                call, operands, (_, _) => Failures.DivideByZero(call.Span), rightFirst: true),
            Function.Remainder => Binary<T, FloatRemainder<T>>(
                call, operands, (_, _) => Failures.RemainderByZero(call.Span), rightFirst: true),
            Function.Negate => new UnaryKernel<T, T, FloatNegate<T>>(operands[0], call.Type, default),
            Function.Abs => new UnaryKernel<T, T, FloatAbs<T>>(operands[0], call.Type, default),
            _ => throw Unknown(call),
        };

    private static BinaryKernel<T, T, T, TOperator> Binary<T, TOperator>(
        Call call, Kernel[] operands, Func<T, T, QueryException>? failure, bool rightFirst = false)
        where T : unmanaged
        where TOperator : struct, IBinaryOperator<T, T, T> =>
        new(operands[0], operands[1], call.Type, default, failure, rightFirst);

    /// <summary>An operator that no type of these operands has.</summary>
    public static QueryException Unknown(Call call) =>
        QueryException.NotYet($"{call.Function} of {call.Children[0].Type}", call.Span);
}
