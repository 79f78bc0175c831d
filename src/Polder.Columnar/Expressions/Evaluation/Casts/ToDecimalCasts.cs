using System;
using System.Globalization;
using System.Numerics;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation.Casts;

/// <summary>Casts to decimals: HALF_UP at the scale; what the precision does not hold raises.</summary>
internal static class ToDecimalCasts
{
    /// <summary>The conversion from a type.</summary>
    public static VectorFunction Create(CastRequest request)
    {
        DataType from = request.From;
        DataType to = request.To;
        return from.Kind switch
        {
            TypeKind.String or TypeKind.Char or TypeKind.Varchar => Text(request),
            TypeKind.Boolean => Truth(request),
            TypeKind.Byte => Integer<sbyte>(request),
            TypeKind.Short => Integer<short>(request),
            TypeKind.Integer => Integer<int>(request),
            TypeKind.Long => Integer<long>(request),
            TypeKind.Float => Floating<float>(request),
            TypeKind.Double => Floating<double>(request),
            TypeKind.Decimal => FromDecimal(request),
            TypeKind.Timestamp => Micros(request, 1, 6, value => DecimalText.Format(value, 6)),
            TypeKind.Time => Micros(request, 1, 6, value => DecimalText.Format((Int128)value * 1000, 9)),
            TypeKind.DayTimeInterval when from.EndField == IntervalField.Second =>
                Micros(request, 1, 6, value => DecimalText.Format(value, 6)),
            TypeKind.DayTimeInterval => Micros(
                request,
                IntervalText.UnitMicros(from.EndField),
                0,
                value => DecimalText.Format(value / IntervalText.UnitMicros(from.EndField), 0)),
            TypeKind.YearMonthInterval => Months(request, from.EndField == IntervalField.Year ? 12 : 1, to),
            _ => throw request.Unknown(),
        };
    }

    private static ParseFunction<Int128, ParseDecimal> Text(CastRequest request)
    {
        ParseDecimal op = new(request.To, request.Span);
        return new ParseFunction<Int128, ParseDecimal>(
            request.To, op, request.FailureIsNull ? null : text => op.Failure(text));
    }

    private static VectorFunction Truth(CastRequest request)
    {
        DataType to = request.To;
        return to.Precision > to.Scale
            ? new BooleanToFixedFunction<Int128>(to, DecimalMath.Power(to.Scale))
            : new TrueOutOfRangeFunction(
                to, request.FailureIsNull ? null : () => Failures.DecimalOutOfRange("1", to, request.Span));
    }

    private static VectorFunction Integer<T>(CastRequest request)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        DataType to = request.To;
        IntegerToDecimal<T> op = new(to.Precision, to.Scale);
        bool alwaysFits = op.TryApply(T.MinValue, out _);
        return alwaysFits
            ? request.Unary<T, Int128, IntegerToDecimal<T>>(op)
            : request.ToDecimal<T, IntegerToDecimal<T>>(
                op, value => long.CreateTruncating(value).ToString(CultureInfo.InvariantCulture));
    }

    private static FloatToDecimalFunction<T> Floating<T>(CastRequest request)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        FloatToDecimal<T> op = new(request.To.Precision, request.To.Scale);
        return new FloatToDecimalFunction<T>(request.To, op, request.FailureIsNull ? null : value =>
            Failures.DecimalOutOfRange(
                DecimalParser.ParseFloat(double.CreateTruncating(value)).ToPlainString(), request.To, request.Span));
    }

    private static VectorFunction FromDecimal(CastRequest request)
    {
        DataType from = request.From;
        DataType to = request.To;
        DecimalToDecimal op = new(from.Scale, to.Precision, to.Scale);
        int whole = to.Precision - to.Scale;

        // Rounding may carry into one more digit.
        bool alwaysFits = whole >= from.Precision - from.Scale + (to.Scale < from.Scale ? 1 : 0);
        return alwaysFits
            ? request.Unary<Int128, Int128, DecimalToDecimal>(op)
            : request.ToDecimal<Int128, DecimalToDecimal>(op, value => DecimalText.Format(value, from.Scale));
    }

    private static VectorFunction Micros(CastRequest request, long unit, int unitScale, Func<long, string> exact) =>
        request.ToDecimal<long, MicrosToDecimal>(
            new MicrosToDecimal(unit, unitScale, request.To.Precision, request.To.Scale), exact);

    private static VectorFunction Months(CastRequest request, int unit, DataType to) =>
        request.ToDecimal<int, MonthsToDecimal>(
            new MonthsToDecimal(unit, to.Precision, to.Scale), value => DecimalText.Format(value / unit, 0));
}

/// <summary>Floating point to decimals: what is not finite is null even where overflow raises.</summary>
internal sealed class FloatToDecimalFunction<T> : VectorFunction
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FloatToDecimal<T> _operator;
    private readonly Func<T, QueryException>? _failure;

    public FloatToDecimalFunction(DataType type, FloatToDecimal<T> op, Func<T, QueryException>? failure)
        : base(type)
    {
        _operator = op;
        _failure = failure;
    }

    /// <inheritdoc />
    public override bool CanThrow => _failure is not null;

    /// <inheritdoc />
    protected override Vector ApplyRows(Vector operand)
    {
        ReadOnlySpan<T> inputs = operand.Values<T>();
        byte[] valid = NullsOf(operand).ToValidBits(inputs.Length);
        byte[] bytes = new byte[inputs.Length * ByteCast.SizeOf<Int128>()];
        Span<Int128> results = ByteCast.As<Int128>(bytes.AsSpan());
        for (int row = 0; row < inputs.Length; row++)
        {
            if (!Bitmap.Get(valid, row) || _operator.TryApply(inputs[row], out results[row]))
            {
                continue;
            }

            if (_failure is not null && T.IsFinite(inputs[row]))
            {
                throw _failure(inputs[row]);
            }

            Bitmap.Clear(valid, row);
        }

        return Vector.FromValues(
            Type, inputs.Length, bytes, Nulls.FromValidBits(valid, inputs.Length), operand.IsConstant);
    }
}
