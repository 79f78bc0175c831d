using System;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Values;
using Polder.Expressions;
using Polder.Expressions.Evaluation;

namespace Polder.Execution.Aggregates;

/// <summary>Turns the states of a call into its results; a state without values gives null.</summary>
internal sealed class AggregateResults(AggregateCall call)
{
    private readonly DataType _type = call.Type;

    public TextSpan Span => call.Span;

    public IArrowArray LongSums(ReadOnlyMemory<Sum<long>> states) => _type.Kind == TypeKind.YearMonthInterval
        ? Build<Sum<long>, int>(_type, states.Span, state => state.Count > 0, state => ToMonths(state.Total))
        : Build<Sum<long>, long>(_type, states.Span, state => state.Count > 0, state => state.Total);

    public IArrowArray DoubleSums(ReadOnlyMemory<Sum<double>> states) =>
        Build<Sum<double>, double>(_type, states.Span, state => state.Count > 0, state => state.Total);

    public IArrowArray DoubleAverages(ReadOnlyMemory<Sum<double>> states) =>
        Build<Sum<double>, double>(_type, states.Span, state => state.Count > 0, state => state.Total / state.Count);

    public IArrowArray DecimalSums(ReadOnlyMemory<DecimalSum> states) => Build<DecimalSum, Int128>(
        _type, states.Span, state => state.Count > 0, state => CheckSum(state, _type.Precision));

    public IArrowArray DecimalAverages(ReadOnlyMemory<DecimalSum> states)
    {
        DataType argument = call.Arguments[0].Type;
        int sumPrecision = int.Min(38, argument.Precision + 10);
        return Build<DecimalSum, Int128>(_type, states.Span, state => state.Count > 0, state =>
        {
            Int128 sum = CheckSum(state, sumPrecision);
            return DecimalMath.TryDivide(
                sum, argument.Scale, state.Count, 0, _type.Precision, _type.Scale, out Int128 average)
                ? average
                : throw Failures.DecimalOutOfRange($"{sum} / {state.Count}", _type, call.Span);
        });
    }

    /// <summary>The average of short decimals as Spark computes it: in double, then cast.</summary>
    public IArrowArray UnscaledAverages(ReadOnlyMemory<Sum<double>> states)
    {
        double unit = Math.Pow(10, call.Arguments[0].Type.Scale);
        IArrowArray doubles = Build<Sum<double>, double>(
            DataType.Double, states.Span, state => state.Count > 0, state => state.Total / state.Count / unit);
        ColumnReference column = new(0, "average", DataType.Double, true);
        Cast cast = new(column, _type, true, CastMode.Ansi, call.Span);
        DataType schema = DataType.Struct(new StructField(column.Name, DataType.Double));
        RecordBatch batch = new(ArrowTypes.ToSchema(schema), [doubles], doubles.Length);
        return Evaluator.Create(cast).Evaluate(batch);
    }

    public IArrowArray IntervalAverages(ReadOnlyMemory<Sum<long>> states) => _type.Kind == TypeKind.YearMonthInterval
        ? Build<Sum<long>, int>(
            _type, states.Span, state => state.Count > 0, state => ToMonths(DivideHalfUp(state.Total, state.Count)))
        : Build<Sum<long>, long>(
            _type, states.Span, state => state.Count > 0, state => DivideHalfUp(state.Total, state.Count));

    public static IArrowArray Extremes<T>(DataType type, ReadOnlyMemory<Extreme<T>> states)
        where T : unmanaged
    {
        if (type.Kind != TypeKind.Boolean)
        {
            return Build<Extreme<T>, T>(type, states.Span, state => state.HasValue, state => state.Value);
        }

        BooleanBuilder builder = (BooleanBuilder)ColumnBuilder.Create(type, states.Length);
        foreach (Extreme<T> state in states.Span)
        {
            if (state.HasValue)
            {
                builder.Append(!state.Value.Equals(default(T)));
            }
            else
            {
                builder.AppendNull();
            }
        }

        return builder.Build();
    }

    private static IArrowArray Build<TState, T>(
        DataType type, ReadOnlySpan<TState> states, Func<TState, bool> hasValue, Func<TState, T> value)
        where T : unmanaged
    {
        byte[] validity = new byte[Bitmap.SizeBytes(states.Length)];
        for (int group = 0; group < states.Length; group++)
        {
            validity[group >> 3] |= (byte)(hasValue(states[group]) ? 1 << (group & 7) : 0);
        }

        FixedBuilder<T> builder = (FixedBuilder<T>)ColumnBuilder.Create(type, states.Length);
        Span<T> values = builder.AppendSpan(states.Length, validity, 0);
        for (int group = 0; group < states.Length; group++)
        {
            values[group] = hasValue(states[group]) ? value(states[group]) : default;
        }

        return builder.Build();
    }

    private Int128 CheckSum(DecimalSum state, int precision) =>
        state.Wraps == 0 && DecimalMath.Fits(state.Total, precision)
            ? state.Total
            : throw Failures.ArithmeticOverflow("sum", call.Span, "Overflow in sum of decimals");

    private int ToMonths(long months) =>
        months == (int)months ? (int)months : throw Failures.IntervalOverflow(null, call.Span);

    private static long DivideHalfUp(long total, long count)
    {
        (long quotient, long rest) = Math.DivRem(total, count);
        return Math.Abs(rest) >= count - Math.Abs(rest) ? quotient + Math.Sign(total) : quotient;
    }
}
