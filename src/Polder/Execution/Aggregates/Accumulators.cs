using System;
using System.Linq;
using System.Numerics;
using Polder.Columns;
using Polder.Expressions;

namespace Polder.Execution.Aggregates;

/// <summary>Chooses how an aggregate call is computed.</summary>
internal static class Accumulators
{
    /// <summary>Digits up to which Spark computes avg(decimal) as double over unscaled values.</summary>
    private const int DoubleAverageDigits = 11;

    /// <summary>A fresh state for a call.</summary>
    /// <exception cref="UnsupportedFeatureException">An argument type that the function does not take.</exception>
    public static Accumulator Create(AggregateCall call)
    {
        bool isExtreme = call.Function is AggregateFunction.Minimum or AggregateFunction.Maximum;
        Accumulator plain = CreatePlain(call);
        return call.Distinct && !isExtreme && plain is not NullAccumulator
            ? new DistinctAccumulator([.. call.Arguments.Select(argument => argument.Type)], plain)
            : plain;
    }

    private static Accumulator CreatePlain(AggregateCall call)
    {
        if (call.Function == AggregateFunction.Count)
        {
            return new CountAccumulator();
        }

        DataType type = call.Arguments[0].Type;
        return type.Kind == TypeKind.Void
            ? new NullAccumulator(call.Type)
            : call.Function switch
            {
                AggregateFunction.Sum => CreateSum(call, type),
                AggregateFunction.Average => CreateAverage(call, type),
                _ => CreateExtreme(type, call.Function == AggregateFunction.Maximum),
            };
    }

    private static Accumulator CreateSum(AggregateCall call, DataType type)
    {
        AggregateResults results = new(call);
        return type.Kind switch
        {
            TypeKind.Byte => SumLongs<sbyte>(results),
            TypeKind.Short => SumLongs<short>(results),
            TypeKind.Integer or TypeKind.YearMonthInterval => SumLongs<int>(results),
            TypeKind.Long or TypeKind.DayTimeInterval => SumLongs<long>(results),
            TypeKind.Float => SumDoubles<float>(results),
            TypeKind.Double => SumDoubles<double>(results),
            TypeKind.Decimal => SumDecimals(type, call, results.DecimalSums),
            _ => throw Unsupported(call, type),
        };
    }

    private static Accumulator CreateAverage(AggregateCall call, DataType type)
    {
        AggregateResults results = new(call);
        return type.Kind switch
        {
            TypeKind.Byte => AverageDoubles<sbyte>(results),
            TypeKind.Short => AverageDoubles<short>(results),
            TypeKind.Integer => AverageDoubles<int>(results),
            TypeKind.Long => AverageDoubles<long>(results),
            TypeKind.Float => AverageDoubles<float>(results),
            TypeKind.Double => AverageDoubles<double>(results),
            TypeKind.Decimal when type.Precision <= DoubleAverageDigits =>
                new FoldAccumulator<Sum<double>, Int128, UnscaledSumFold>(16, call.Span, results.UnscaledAverages),
            TypeKind.Decimal => SumDecimals(type, call, results.DecimalAverages),
            TypeKind.YearMonthInterval =>
                new FoldAccumulator<Sum<long>, int, LongSumFold<int>>(16, call.Span, results.IntervalAverages),
            TypeKind.DayTimeInterval =>
                new FoldAccumulator<Sum<long>, long, LongSumFold<long>>(16, call.Span, results.IntervalAverages),
            _ => throw Unsupported(call, type),
        };
    }

    private static Accumulator CreateExtreme(DataType type, bool isMaximum) => type.Kind switch
    {
        TypeKind.Boolean or TypeKind.Byte => Extremes<sbyte, NumberOrder<sbyte>>(type, isMaximum),
        TypeKind.Short => Extremes<short, NumberOrder<short>>(type, isMaximum),
        TypeKind.Integer or TypeKind.Date or TypeKind.YearMonthInterval =>
            Extremes<int, NumberOrder<int>>(type, isMaximum),
        TypeKind.Long or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampNtz or TypeKind.DayTimeInterval =>
            Extremes<long, NumberOrder<long>>(type, isMaximum),
        TypeKind.Float => Extremes<float, FloatOrder<float>>(type, isMaximum),
        TypeKind.Double => Extremes<double, FloatOrder<double>>(type, isMaximum),
        TypeKind.Decimal => Extremes<Int128, NumberOrder<Int128>>(type, isMaximum),
        _ => new KeyedExtremes(type, isMaximum),
    };

    private static FoldAccumulator<Sum<long>, T, LongSumFold<T>> SumLongs<T>(AggregateResults results)
        where T : unmanaged, IBinaryInteger<T> => new(16, results.Span, results.LongSums);

    private static FoldAccumulator<Sum<double>, T, DoubleSumFold<T>> SumDoubles<T>(AggregateResults results)
        where T : unmanaged, INumberBase<T> => new(16, results.Span, results.DoubleSums);

    private static FoldAccumulator<Sum<double>, T, DoubleSumFold<T>> AverageDoubles<T>(AggregateResults results)
        where T : unmanaged, INumberBase<T> => new(16, results.Span, results.DoubleAverages);

    private static Accumulator SumDecimals(
        DataType type, AggregateCall call, Func<ReadOnlyMemory<DecimalSum>, Apache.Arrow.IArrowArray> build) =>
        type.Precision switch
        {
            <= 18 => new FoldAccumulator<DecimalSum, Int128, ShortDecimalSumFold>(32, call.Span, build),
            <= 28 => new FoldAccumulator<DecimalSum, Int128, MiddleDecimalSumFold>(32, call.Span, build),
            _ => new FoldAccumulator<DecimalSum, Int128, LongDecimalSumFold>(32, call.Span, build),
        };

    private static Accumulator Extremes<T, TOrder>(DataType type, bool isMaximum)
        where T : unmanaged
        where TOrder : struct, IValueOrder<T> => isMaximum
        ? new FoldAccumulator<Extreme<T>, T, MaximumFold<T, TOrder>>(
            32, default, states => AggregateResults.Extremes(type, states))
        : new FoldAccumulator<Extreme<T>, T, MinimumFold<T, TOrder>>(
            32, default, states => AggregateResults.Extremes(type, states));

    private static UnsupportedFeatureException Unsupported(AggregateCall call, DataType type) =>
        new($"{call.Function} of {type}", "cast the argument to a number first");
}
