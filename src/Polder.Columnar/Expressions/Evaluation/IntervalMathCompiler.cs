using System;
using System.Numerics;
using Polder.Columns;

namespace Polder.Expressions.Evaluation;

/// <summary>Kernels of intervals with intervals and numbers.</summary>
internal static class IntervalMathCompiler
{
    /// <summary>interval ± interval of one kind.</summary>
    public static Kernel Sum(Call call, Operands sides, int sign)
    {
        string tryFunction = sign > 0 ? "add" : "subtract";
        QueryException Overflow() => Failures.IntervalOverflow(tryFunction, call.Span);
        return (sides.Left.Type.Kind, sign) switch
        {
            (TypeKind.YearMonthInterval, > 0) => sides.Binary<int, int, int, CheckedAdd<int>>(
                call.Type, default, (_, _) => Overflow()),
            (TypeKind.YearMonthInterval, _) => sides.Binary<int, int, int, CheckedSubtract<int>>(
                call.Type, default, (_, _) => Overflow()),
            (TypeKind.DayTimeInterval, > 0) => sides.Binary<long, long, long, CheckedAdd<long>>(
                call.Type, default, (_, _) => Overflow()),
            (TypeKind.DayTimeInterval, _) => sides.Binary<long, long, long, CheckedSubtract<long>>(
                call.Type, default, (_, _) => Overflow()),
            (TypeKind.CalendarInterval, _) => sides.Binary<RawInterval, RawInterval, RawInterval, CalendarSum>(
                call.Type, new CalendarSum(sign), (_, _) => Overflow()),
            _ => throw ArithmeticCompiler.Unknown(call),
        };
    }

    /// <summary>interval × number and interval / number.</summary>
    public static Kernel Scale<T>(Call call, Operands sides, bool divides, string overflow)
        where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T>, IMinMaxValue<T>
    {
        DataType number = sides.Right.Type;
        return number.Kind switch
        {
            TypeKind.Byte => Scale<T, sbyte>(call, sides, divides, overflow),
            TypeKind.Short => Scale<T, short>(call, sides, divides, overflow),
            TypeKind.Integer => Scale<T, int>(call, sides, divides, overflow),
            TypeKind.Long => Scale<T, long>(call, sides, divides, overflow),
            TypeKind.Float => Scale<T, double>(call, sides.WithDouble(), divides, overflow),
            TypeKind.Double => Scale<T, double>(call, sides, divides, overflow),
            TypeKind.Decimal => Scale<T, Int128>(call, sides, divides, overflow, number.Scale),
            _ => throw ArithmeticCompiler.Unknown(call),
        };
    }

    /// <summary>interval div interval of one kind, to bigint.</summary>
    public static Kernel WholeQuotient(Call call, Operands sides)
    {
        Operands ordered = sides with { RightFirst = true };
        QueryException Failure(bool isZero) => isZero
            ? Failures.IntervalDividedByZero(call.Span)
            : Failures.IntervalOverflow("divide", call.Span);
        return sides.Left.Type.Kind == TypeKind.YearMonthInterval
            ? ordered.Binary<int, int, long, IntegerDivide<int>>(
                call.Type, default, (_, divisor) => Failure(divisor == 0))
            : ordered.Binary<long, long, long, IntegerDivide<long>>(
                call.Type, default, (_, divisor) => Failure(divisor == 0));
    }

    private static BinaryKernel<T, TNumber, T, IntervalScale<T, TNumber>> Scale<T, TNumber>(
        Call call, Operands sides, bool divides, string overflow, int numberScale = 0)
        where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T>, IMinMaxValue<T>
        where TNumber : unmanaged, INumber<TNumber>
    {
        QueryException Failure(T interval, TNumber number)
        {
            if (divides && number == TNumber.Zero)
            {
                return Failures.IntervalDividedByZero(call.Span);
            }

            if (divides && interval == T.MinValue && number == -TNumber.One)
            {
                return Failures.IntervalOverflow("divide", call.Span);
            }

            return Failures.ArithmeticOverflow(
                null, call.Span, TNumber.IsFinite(number) ? overflow : "input is infinite or NaN");
        }

        return sides.Binary<T, TNumber, T, IntervalScale<T, TNumber>>(
            call.Type, new IntervalScale<T, TNumber>(numberScale, divides), Failure);
    }
}
