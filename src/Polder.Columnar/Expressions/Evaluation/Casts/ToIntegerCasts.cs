using System;
using System.Numerics;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Columns.Values;
using Polder.Expressions.Evaluation.Values;

namespace Polder.Expressions.Evaluation.Casts;

/// <summary>Casts to whole numbers: never rounded, overflow raises.</summary>
internal static class ToIntegerCasts
{
    /// <summary>The conversion from a type.</summary>
    public static VectorFunction Create<T>(CastRequest request)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        DataType from = request.From;
        return from.Kind switch
        {
            TypeKind.String or TypeKind.Char or TypeKind.Varchar => request.Parse<T, ParseInteger<T>>(default),
            TypeKind.Boolean => new BooleanToFixedFunction<T>(request.To, T.One),
            TypeKind.Byte => Integer<sbyte, T>(request, SqlText.Literal),
            TypeKind.Short => Integer<short, T>(request, SqlText.Literal),
            TypeKind.Integer => Integer<int, T>(request, SqlText.Literal),
            TypeKind.Long => Integer<long, T>(request, SqlText.Literal),
            TypeKind.Float => request.Checked<float, T, FloatToInteger<float, T>>(default, SqlText.Literal),
            TypeKind.Double => request.Checked<double, T, FloatToInteger<double, T>>(default, SqlText.Literal),
            TypeKind.Decimal => request.Checked<Int128, T, DecimalToInteger<T>>(
                new DecimalToInteger<T>(from.Scale), value => SqlText.Literal(value, from.Scale)),
            TypeKind.Timestamp => Micros<T>(
                request,
                CivilCalendar.MicrosPerSecond,
                true,
                value => TemporalText.Literal(from.Kind, request.Zone.ToLocal(value))),
            TypeKind.Time => Micros<T>(
                request, CivilCalendar.MicrosPerSecond, true, value => TemporalText.Literal(from.Kind, value)),
            TypeKind.DayTimeInterval => Micros<T>(
                request, IntervalText.UnitMicros(from.EndField), false, value => IntervalText.Literal(from, value)),
            TypeKind.YearMonthInterval => request.Checked<int, T, MonthsToInteger<T>>(
                new MonthsToInteger<T>(from.EndField == IntervalField.Year ? 12 : 1),
                value => IntervalText.Literal(from, value)),
            _ => throw request.Unknown(),
        };
    }

    private static VectorFunction Integer<TFrom, TTo>(CastRequest request, Func<TFrom, string> literal)
        where TFrom : unmanaged, IBinaryInteger<TFrom>, IMinMaxValue<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>, IMinMaxValue<TTo> =>
        long.CreateTruncating(TTo.MaxValue) >= long.CreateTruncating(TFrom.MaxValue)
            ? request.Unary<TFrom, TTo, IntegerToInteger<TFrom, TTo>>(default)
            : request.Checked<TFrom, TTo, IntegerToInteger<TFrom, TTo>>(default, literal);

    private static VectorFunction Micros<T>(CastRequest request, long unit, bool floors, Func<long, string> literal)
        where T : unmanaged, IBinaryInteger<T> =>
        request.Checked<long, T, MicrosToInteger<T>>(new MicrosToInteger<T>(unit, floors), literal);
}
