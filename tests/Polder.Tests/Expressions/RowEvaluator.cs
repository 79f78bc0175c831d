using System;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Polder.Columns;
using Polder.Expressions;

namespace Polder.Tests.Expressions;

/// <summary>
/// The plainest evaluator of conditions, one row of boxed values at a time: the truth that pruning is held against.
/// Written from the language's rules, not from the pruner.
/// </summary>
internal static class RowEvaluator
{
    public static object? Evaluate(Expression expression, object?[] row) => expression switch
    {
        Literal literal => literal.Value,
        ColumnReference column => row[column.Index],
        Cast cast => Convert(Evaluate(cast.Source, row), cast.Source.Type, cast.Type),
        Call call => Evaluate(call, row),
        _ => throw new NotSupportedException(expression.GetType().Name),
    };

    private static object? Evaluate(Call call, object?[] row)
    {
        object?[] values = [.. call.Children.Select(child => Evaluate(child, row))];
        switch (call.Function)
        {
            case Function.And:
                return values.Any(v => v is false) ? false : values.Any(v => v is null) ? null : true;
            case Function.Or:
                return values.Any(v => v is true) ? true : values.Any(v => v is null) ? null : false;
            case Function.Not:
                return values[0] is bool value ? !value : null;
            case Function.IsNull:
                return values[0] is null;
            case Function.IsNotNull:
                return values[0] is not null;
            case Function.NullSafeEqual:
                return values[0] is null || values[1] is null
                    ? values[0] is null && values[1] is null
                    : Compare(values[0]!, values[1]!) == 0;
            case Function.In:
                return values[0] is null ? null
                    : values.Skip(1).Any(v => v is not null && Compare(values[0]!, v) == 0) ? true
                    : values.Skip(1).Any(v => v is null) ? null
                    : false;
        }

        if (values.Any(v => v is null))
        {
            return null;
        }

        return call.Function switch
        {
            Function.Equal => Compare(values[0]!, values[1]!) == 0,
            Function.LessThan => Compare(values[0]!, values[1]!) < 0,
            Function.LessThanOrEqual => Compare(values[0]!, values[1]!) <= 0,
            Function.GreaterThan => Compare(values[0]!, values[1]!) > 0,
            Function.GreaterThanOrEqual => Compare(values[0]!, values[1]!) >= 0,
            Function.Like => Like((string)values[0]!, (string)values[1]!),
            Function.Negate => Negate(values[0]!),
            Function.Year => DateOnly.FromDayNumber((int)values[0]! + 719_162).Year,
            _ => throw new NotSupportedException(call.Function.ToString()),
        };
    }

    private static object Negate(object value) => value switch
    {
        int number => checked(-number),
        long number => checked(-number),
        double number => -number,
        Int128 number => -number,
        _ => throw new NotSupportedException(value.GetType().Name),
    };

    private static int Compare(object left, object right) => (left, right) switch
    {
        (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
        (double a, double b) when double.IsNaN(a) || double.IsNaN(b) => double.IsNaN(a).CompareTo(double.IsNaN(b)),
        (double a, double b) => a < b ? -1 : a > b ? 1 : 0,
        _ => ((IComparable)left).CompareTo(right),
    };

    private static bool Like(string text, string pattern)
    {
        StringBuilder regex = new("^");
        foreach (Rune rune in pattern.EnumerateRunes())
        {
            regex.Append(rune.Value switch
            {
                '%' => "(?s:.*)",
                '_' => "(?s:[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]|.)",
                _ => Regex.Escape(rune.ToString()),
            });
        }

        return Regex.IsMatch(text, regex.Append("\\z").ToString());
    }

    private static object? Convert(object? value, DataType from, DataType to)
    {
        if (value is null || from.Equals(to))
        {
            return value;
        }

        return (value, to.Kind) switch
        {
            (string text, TypeKind.Date) => DateOnly.ParseExact(text, "yyyy-MM-dd").DayNumber - 719_162,
            (string text, TypeKind.TimestampNtz) =>
                (DateOnly.ParseExact(text, "yyyy-MM-dd").DayNumber - 719_162) * 86_400_000_000L,
            ("NaN", TypeKind.Double) => double.NaN,
            (int days, TypeKind.Timestamp or TypeKind.TimestampNtz) when from.Kind == TypeKind.Date =>
                days * 86_400_000_000L,
            (long, TypeKind.Timestamp or TypeKind.TimestampNtz) when from.Kind != TypeKind.Long => value,
            (long micros, TypeKind.Date) => (int)Math.Floor(micros / 86_400_000_000m),
            (int or long or sbyte, TypeKind.Long) => System.Convert.ToInt64(value),
            (int or long or sbyte, TypeKind.Integer) => checked((int)System.Convert.ToInt64(value)),
            (int or long or sbyte, TypeKind.Double) => System.Convert.ToDouble(value),
            (int or long or sbyte, TypeKind.Decimal) => Rescale(System.Convert.ToInt64(value), 0, to),
            (Int128 unscaled, TypeKind.Decimal) => Rescale(unscaled, from.Scale, to),
            (Int128 unscaled, TypeKind.Double) =>
                double.Parse($"{unscaled}e-{from.Scale}", System.Globalization.CultureInfo.InvariantCulture),
            _ => throw new NotSupportedException($"{from} to {to}"),
        };
    }

    private static Int128 Rescale(Int128 unscaled, int scale, DataType to)
    {
        Int128 result = to.Scale >= scale
            ? unscaled * (Int128)Math.Pow(10, to.Scale - scale)
            : throw new NotSupportedException("narrower");
        return Int128.Abs(result).ToString().Length <= to.Precision ? result : throw new OverflowException();
    }
}
