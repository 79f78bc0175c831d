using System;
using System.Numerics;
using Polder.Columns;
using Polder.Columns.Values;
using Polder.Expressions.Evaluation.Values;

namespace Polder.Expressions.Evaluation.Casts;

/// <summary>Casts to year-month intervals (months in 32 bits) and day-time intervals (microseconds in 64).</summary>
internal static class ToIntervalCasts
{
    /// <summary>The conversion from a type.</summary>
    public static VectorFunction Create<T>(CastRequest request)
        where T : unmanaged, IBinaryInteger<T>
    {
        DataType from = request.From;
        DataType to = request.To;
        bool isYearMonth = to.Kind == TypeKind.YearMonthInterval;
        long unit = !isYearMonth ? IntervalText.UnitMicros(to.EndField) : to.EndField == IntervalField.Year ? 12 : 1;
        return from.Kind switch
        {
            TypeKind.String or TypeKind.Char or TypeKind.Varchar => Text<T>(request),
            TypeKind.Byte => Integer<sbyte, T>(request, unit, SqlText.Literal),
            TypeKind.Short => Integer<short, T>(request, unit, SqlText.Literal),
            TypeKind.Integer => Integer<int, T>(request, unit, SqlText.Literal),
            TypeKind.Long => Integer<long, T>(request, unit, SqlText.Literal),
            TypeKind.Decimal => request.Checked<Int128, T, DecimalToInterval<T>>(
                new DecimalToInterval<T>(from.Scale, unit), value => SqlText.Literal(value, from.Scale)),
            TypeKind.YearMonthInterval or TypeKind.DayTimeInterval when from.Kind == to.Kind =>
                to.EndField >= from.EndField || to.EndField == IntervalField.Second
                    ? new RelabelFunction(to)
                    : request.Unary<T, T, TruncateInterval<T>>(new TruncateInterval<T>(unit)),
            _ => throw request.Unknown(),
        };
    }

    private static VectorFunction Integer<TFrom, TTo>(CastRequest request, long unit, Func<TFrom, string> literal)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo> =>
        request.Checked<TFrom, TTo, IntegerToInterval<TFrom, TTo>>(new IntegerToInterval<TFrom, TTo>(unit), literal);

    private static ParseFunction<T, ParseInterval<T>> Text<T>(CastRequest request)
        where T : unmanaged, IBinaryInteger<T>
    {
        IntervalParser parser = new(request.To);
        return new ParseFunction<T, ParseInterval<T>>(
            request.To,
            new ParseInterval<T>(parser),
            request.FailureIsNull
                ? null
                : text => parser.TryParse(text, out _, out QueryException? failure)
                    ? throw request.Unknown()
                    : failure!);
    }
}
