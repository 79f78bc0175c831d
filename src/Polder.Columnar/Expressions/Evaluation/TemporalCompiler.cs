using System;
using System.Numerics;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation;

/// <summary>Kernels of arithmetic with dates, times, timestamps and intervals.</summary>
internal static class TemporalCompiler
{
    /// <summary>The kernel of a call; an interval may stand on either side of a sum or a product.</summary>
    public static Kernel Compile(Call call, Kernel[] operands, EvaluationContext context)
    {
        if (Array.Exists(operands, operand => operand.Type.Kind == TypeKind.Void))
        {
            return new ConstantKernel(Vector.Null(call.Type));
        }

        Kernel left = operands[0];
        Kernel right = operands[^1];
        if (operands.Length == 1)
        {
            return Unary(call, left);
        }

        bool swaps = call.Function is Function.Add or Function.Multiply && Rank(right.Type) > Rank(left.Type);
        Operands sides = swaps ? new Operands(right, left, true) : new Operands(left, right, false);
        Zone zone = sides.Left.Type.Kind == TypeKind.Timestamp ? Zone.Of(context.TimeZone) : Zone.Utc;
        return call.Function switch
        {
            Function.Add => Sum(call, sides, zone, 1),
            Function.Subtract => Difference(call, sides, zone),
            Function.Multiply => Scale(call, sides, divides: false),
            Function.Divide => Scale(call, sides with { RightFirst = true }, divides: true),
            Function.IntegralDivide => IntervalMathCompiler.WholeQuotient(call, sides),
            _ => throw ArithmeticCompiler.Unknown(call),
        };
    }

    private static int Rank(DataType type) => type.Kind switch
    {
        TypeKind.Date or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampNtz => 2,
        TypeKind.YearMonthInterval or TypeKind.DayTimeInterval or TypeKind.CalendarInterval => 1,
        _ => 0,
    };

    private static Kernel Unary(Call call, Kernel operand) => (call.Function, operand.Type.Kind) switch
    {
        (Function.Negate, TypeKind.YearMonthInterval) => new UnaryKernel<int, int, CheckedNegate<int>>(
            operand, call.Type, default, _ => Failures.IntervalOverflow(null, call.Span)),
        (Function.Negate, TypeKind.DayTimeInterval) => new UnaryKernel<long, long, CheckedNegate<long>>(
            operand, call.Type, default, _ => Failures.IntervalOverflow(null, call.Span)),
        (Function.Negate, TypeKind.CalendarInterval) => new UnaryKernel<RawInterval, RawInterval, CalendarNegate>(
            operand, call.Type, default, _ => Failures.IntervalOverflow(null, call.Span)),
        (Function.Abs, TypeKind.YearMonthInterval) => new UnaryKernel<int, int, CheckedAbs<int>>(
            operand, call.Type, default, _ => Failures.IntervalOverflow(null, call.Span)),
        (Function.Abs, TypeKind.DayTimeInterval) => new UnaryKernel<long, long, CheckedAbs<long>>(
            operand, call.Type, default, _ => Failures.IntervalOverflow(null, call.Span)),
        _ => throw ArithmeticCompiler.Unknown(call),
    };

    private static Kernel Difference(Call call, Operands sides, Zone zone)
    {
        QueryException Overflow() => Failures.ArithmeticOverflow(null, call.Span, "long overflow");
        return (sides.Left.Type.Kind, sides.Right.Type.Kind) switch
        {
            (TypeKind.Date, TypeKind.Date) => sides.Binary<int, int, long, DaysBetween>(
                call.Type, default, (_, _) => Overflow()),
            (TypeKind.Timestamp, TypeKind.Timestamp) or (TypeKind.TimestampNtz, TypeKind.TimestampNtz) =>
                sides.Binary<long, long, long, TimestampsBetween>(
                    call.Type, new TimestampsBetween(zone), (_, _) => Overflow()),
            (TypeKind.Time, TypeKind.Time) => sides.Binary<long, long, long, PlainSubtract<long>>(
                call.Type, default, null),
            _ => Sum(call, sides, zone, -1),
        };
    }

    private static Kernel Sum(Call call, Operands sides, Zone zone, int sign) => sides.Left.Type.Kind switch
    {
        TypeKind.Date when call.Type.Kind is TypeKind.Timestamp or TypeKind.TimestampNtz => TimestampSum(
            call, sides with { Left = CastCompiler.Widen(sides.Left, call.Type, zone) }, zone, sign),
        TypeKind.Date => DateSum(call, sides, sign),
        TypeKind.Timestamp or TypeKind.TimestampNtz => TimestampSum(call, sides, zone, sign),
        TypeKind.Time => sides.Binary<long, long, long, TimePlusMicros>(
            call.Type, new TimePlusMicros(sign), (time, interval) => Failures.DatetimeOverflow(
                $"add {IntervalText.Literal(sides.Right.Type, sign * interval)} to the time value " +
                TemporalText.Literal(TypeKind.Time, time),
                call.Span)),
        _ => IntervalMathCompiler.Sum(call, sides, sign),
    };

    private static Kernel DateSum(Call call, Operands sides, int sign)
    {
        Kernel days = sides.Right;
        switch (days.Type.Kind)
        {
            case TypeKind.Byte:
                days = new UnaryKernel<sbyte, int, Truncate<sbyte, int>>(days, DataType.Integer, default);
                break;
            case TypeKind.Short:
                days = new UnaryKernel<short, int, Truncate<short, int>>(days, DataType.Integer, default);
                break;
        }

        Operands widened = sides with { Right = days };
        return days.Type.Kind switch
        {
            TypeKind.Integer when sign > 0 => widened.Binary<int, int, int, PlainAdd<int>>(call.Type, default, null),
            TypeKind.Integer => widened.Binary<int, int, int, PlainSubtract<int>>(call.Type, default, null),
            TypeKind.YearMonthInterval => sides.Binary<int, int, int, DayPlusMonths>(
                call.Type,
                new DayPlusMonths(sign),
                (_, _) => Failures.ArithmeticOverflow(null, call.Span)),
            TypeKind.DayTimeInterval => sides.Binary<int, long, int, DayPlusMicros>(
                call.Type, new DayPlusMicros(sign), null),
            TypeKind.CalendarInterval => sides.Binary<int, RawInterval, int, DayPlusCalendar>(
                call.Type,
                new DayPlusCalendar(sign),
                (_, interval) => interval.Micros != 0
                    ? Failures.IntervalWithMicroseconds(call.Span)
                    : Failures.ArithmeticOverflow(null, call.Span)),
            _ => throw ArithmeticCompiler.Unknown(call),
        };
    }

    private static Kernel TimestampSum(Call call, Operands sides, Zone zone, int sign)
    {
        QueryException Overflow() => Failures.ArithmeticOverflow(null, call.Span, "long overflow");
        return sides.Right.Type.Kind switch
        {
            TypeKind.YearMonthInterval => sides.Binary<long, int, long, TimestampPlusMonths>(
                call.Type, new TimestampPlusMonths(sign, zone), (_, _) => Overflow()),
            TypeKind.DayTimeInterval => sides.Binary<long, long, long, TimestampPlusMicros>(
                call.Type, new TimestampPlusMicros(sign, zone), (_, _) => Overflow()),
            TypeKind.CalendarInterval => sides.Binary<long, RawInterval, long, TimestampPlusCalendar>(
                call.Type, new TimestampPlusCalendar(sign, zone), (_, _) => Overflow()),
            _ => throw ArithmeticCompiler.Unknown(call),
        };
    }

    private static Kernel Scale(Call call, Operands sides, bool divides) => sides.Left.Type.Kind switch
    {
        TypeKind.YearMonthInterval => IntervalMathCompiler.Scale<int>(call, sides, divides, "integer overflow"),
        TypeKind.DayTimeInterval => IntervalMathCompiler.Scale<long>(call, sides, divides, "long overflow"),
        TypeKind.CalendarInterval => sides.WithDouble().Binary<RawInterval, double, RawInterval, CalendarScale>(
            call.Type,
            new CalendarScale(divides),
            (_, number) => divides && number == 0
                ? Failures.IntervalDividedByZero(call.Span)
                : Failures.ArithmeticOverflow(null, call.Span, "integer overflow")),
        _ => throw ArithmeticCompiler.Unknown(call),
    };
}

/// <summary>
/// The sides of an operator in the order that it computes with, and which of them is evaluated first.
/// </summary>
internal readonly record struct Operands(Kernel Left, Kernel Right, bool RightFirst)
{
    /// <summary>A kernel over these sides.</summary>
    public BinaryKernel<TLeft, TRight, TResult, TOperator> Binary<TLeft, TRight, TResult, TOperator>(
        DataType type, TOperator op, Func<TLeft, TRight, QueryException>? failure)
        where TLeft : unmanaged
        where TRight : unmanaged
        where TResult : unmanaged
        where TOperator : struct, IBinaryOperator<TLeft, TRight, TResult> =>
        new(Left, Right, type, op, failure, RightFirst);

    /// <summary>The right side, a number, as a double.</summary>
    public Operands WithDouble() => this with
    {
        Right = Right.Type.Kind switch
        {
            TypeKind.Byte => ToDouble<sbyte>(Right),
            TypeKind.Short => ToDouble<short>(Right),
            TypeKind.Integer => ToDouble<int>(Right),
            TypeKind.Long => ToDouble<long>(Right),
            TypeKind.Float => ToDouble<float>(Right),
            TypeKind.Double => Right,
            _ => throw QueryException.NotYet($"a calendar interval times {Right.Type}"),
        },
    };

    private static UnaryKernel<T, double, Truncate<T, double>> ToDouble<T>(Kernel kernel)
        where T : unmanaged, INumberBase<T> => new(kernel, DataType.Double, default);
}
