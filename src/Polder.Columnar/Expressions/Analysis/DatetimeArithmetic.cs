using Polder.Columns;

namespace Polder.Expressions.Analysis;

/// <summary>
/// Arithmetic with dates, times, timestamps and intervals (Spark's BinaryArithmeticWithDatetimeResolver). The typed
/// forms: date ± int, date ± interval, timestamp ± interval, time ± interval, their differences, interval times or by
/// a number, the interval first.
/// </summary>
internal static class DatetimeArithmetic
{
    private const string DayTypes = "(\"INT\" or \"SMALLINT\" or \"TINYINT\")";
    private const string TimestampTypes = "\"(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)\"";

    /// <summary>The operation, or null where neither side is of these types or numbers decide.</summary>
    public static Expression? Apply(Function function, Expression left, Expression right, TextSpan span)
    {
        if (!IsTemporal(left.Type) && !IsTemporal(right.Type))
        {
            return null;
        }

        return function switch
        {
            Function.Add => Add(left, right, span),
            Function.Subtract => Subtract(left, right, span),
            Function.Multiply when IsInterval(left.Type) && !IsInterval(right.Type) =>
                Scale(Function.Multiply, left, right, "*", span),
            Function.Multiply when IsInterval(right.Type) => Scale(Function.Multiply, right, left, "*", span),
            Function.Divide when IsInterval(left.Type) => Scale(Function.Divide, left, right, "/", span),
            _ => null,
        };
    }

    private static Expression? Add(Expression left, Expression right, TextSpan span)
    {
        // The moment goes first whichever side it stands on.
        if (IsInterval(left.Type) && !IsInterval(right.Type) && right.Type.Kind != TypeKind.Void)
        {
            (left, right) = (right, left);
        }

        if (left.Type.Kind != TypeKind.Date && right.Type.Kind == TypeKind.Date && !IsDatetime(left.Type))
        {
            (left, right) = (right, left);
        }

        if (IsInterval(right.Type))
        {
            return Shift(Function.Add, left, right, span);
        }

        if (left.Type.Kind == TypeKind.Date && right.Type.Kind == TypeKind.Void)
        {
            // Spark reads NULL as an interval of any kind here, which makes the date a timestamp.
            return Shift(Function.Add, left, Casts.Implicitly(right, DataType.DayTimeInterval()), span);
        }

        if (IsTimestamp(left.Type) && right.Type.Kind == TypeKind.Void)
        {
            return Shift(Function.Add, left, Casts.Implicitly(right, DataType.DayTimeInterval()), span);
        }

        if (IsTimestamp(right.Type) && left.Type.Kind == TypeKind.Void)
        {
            return Shift(Function.Add, right, Casts.Implicitly(left, DataType.DayTimeInterval()), span);
        }

        return left.Type.Kind == TypeKind.Date && right.Type.Kind != TypeKind.String
            ? AddDays(Function.Add, left, right, span)
            : null;
    }

    private static Expression? Subtract(Expression left, Expression right, TextSpan span)
    {
        if (IsInterval(right.Type))
        {
            return Shift(Function.Subtract, left, right, span);
        }

        if (IsTimestamp(left.Type) || IsTimestamp(right.Type))
        {
            return SubtractTimestamps(left, right, span);
        }

        if (left.Type.Kind == TypeKind.Time && right.Type.Kind is TypeKind.Time or TypeKind.String or TypeKind.Void)
        {
            return new Call(
                Function.Subtract,
                [left, Casts.Implicitly(right, left.Type)],
                DataType.DayTimeInterval(IntervalField.Hour, IntervalField.Second),
                true,
                span);
        }

        if (right.Type.Kind == TypeKind.Date)
        {
            return left.Type.Kind is TypeKind.Date or TypeKind.String or TypeKind.Void
                ? SubtractDates(Casts.Implicitly(left, DataType.Date), right, span)
                : throw AnalysisErrors.UnexpectedInput(
                    $"({ExpressionText.Format(left)} - {ExpressionText.Format(right)})", 0, "\"DATE\"", left, span);
        }

        return left.Type.Kind != TypeKind.Date ? null
            : right.Type.Kind == TypeKind.String
                ? SubtractDates(left, Casts.Implicitly(right, DataType.Date), span)
                : AddDays(Function.Subtract, left, right, span);
    }

    private static Call SubtractDates(Expression left, Expression right, TextSpan span) => new(
        Function.Subtract,
        [left, right],
        DataType.DayTimeInterval(IntervalField.Day, IntervalField.Day),
        left.Nullable || right.Nullable,
        span);

    private static Call SubtractTimestamps(Expression left, Expression right, TextSpan span)
    {
        DataType type = left.Type.Kind == TypeKind.TimestampNtz && right.Type.Kind != TypeKind.Timestamp ||
            (right.Type.Kind == TypeKind.TimestampNtz && left.Type.Kind != TypeKind.Timestamp)
            ? DataType.TimestampNtz
            : DataType.Timestamp;
        string sql = $"({ExpressionText.Format(left)} - {ExpressionText.Format(right)})";
        left = AsTimestamp(left, 0, type, sql, span);
        right = AsTimestamp(right, 1, type, sql, span);
        return new Call(
            Function.Subtract, [left, right], DataType.DayTimeInterval(), left.Nullable || right.Nullable, span);
    }

    private static Expression AsTimestamp(
        Expression operand, int ordinal, DataType type, string sql, TextSpan span) =>
        IsDatetime(operand.Type) || operand.Type.Kind is TypeKind.String or TypeKind.Void
            ? Casts.Implicitly(operand, type)
            : throw AnalysisErrors.UnexpectedInput(sql, ordinal, TimestampTypes, operand, span);

    private static Call AddDays(Function function, Expression date, Expression days, TextSpan span)
    {
        string name = function == Function.Add ? "date_add" : "date_sub";
        if (days.Type.Kind is not (TypeKind.Integer or TypeKind.Short or TypeKind.Byte or TypeKind.Void))
        {
            throw AnalysisErrors.UnexpectedInput(
                $"{name}({ExpressionText.Format(date)}, {ExpressionText.Format(days)})", 1, DayTypes, days, span);
        }

        Expression whole = Casts.Implicitly(days, DataType.Integer);
        return new Call(function, [date, whole], DataType.Date, date.Nullable || whole.Nullable, span);
    }

    /// <summary>A moment moved by an interval, or two intervals.</summary>
    private static Expression? Shift(Function function, Expression left, Expression interval, TextSpan span)
    {
        DataType by = interval.Type;
        switch (left.Type.Kind)
        {
            case TypeKind.Void:
                return Combine(function, Casts.Implicitly(left, by), interval, span);
            case TypeKind.YearMonthInterval or TypeKind.DayTimeInterval or TypeKind.CalendarInterval
                when left.Type.Kind == by.Kind:
                return Combine(function, left, interval, span);
            case TypeKind.Time when by.Kind == TypeKind.DayTimeInterval:
                return new Call(function, [left, interval], DataType.Time(), true, span);
            case TypeKind.Date when by.Kind == TypeKind.DayTimeInterval && by.EndField != IntervalField.Day:
                left = Casts.Implicitly(left, DataType.Timestamp);
                break;
            case TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampNtz:
                break;
            case TypeKind.String when by.Kind != TypeKind.YearMonthInterval:
                Call moved = new(
                    function, [Casts.Implicitly(left, DataType.Timestamp), interval], DataType.Timestamp, true, span);
                return Casts.Implicitly(moved, DataType.String);
            default:
                if (by.Kind == TypeKind.YearMonthInterval)
                {
                    return null;
                }

                string sql = $"{ExpressionText.Format(left)} {(function == Function.Add ? "+" : "-")} " +
                    ExpressionText.Format(interval);
                throw AnalysisErrors.UnexpectedInput(sql, 0, TimestampTypes, left, span);
        }

        return new Call(function, [left, interval], left.Type, left.Nullable || interval.Nullable, span);
    }

    private static Call Combine(Function function, Expression left, Expression right, TextSpan span)
    {
        DataType type = Coercion.Tightest(left.Type, right.Type)!;
        return new Call(
            function,
            [Casts.Implicitly(left, type), Casts.Implicitly(right, type)],
            type,
            left.Nullable || right.Nullable,
            span);
    }

    private static Call Scale(Function function, Expression interval, Expression number, string symbol, TextSpan span)
    {
        DataType kind = interval.Type;
        bool calendar = kind.Kind == TypeKind.CalendarInterval;
        if (number.Type.Kind is TypeKind.String or TypeKind.Void || (calendar && number.Type.IsNumeric))
        {
            number = Casts.Implicitly(number, DataType.Double);
        }

        if (!number.Type.IsNumeric)
        {
            throw AnalysisErrors.UnexpectedInput(
                $"({ExpressionText.Format(interval)} {symbol} {ExpressionText.Format(number)})",
                1,
                "\"NUMERIC\"",
                number,
                span);
        }

        DataType type = kind.Kind switch
        {
            TypeKind.YearMonthInterval => DataType.YearMonthInterval(),
            TypeKind.DayTimeInterval => DataType.DayTimeInterval(),
            _ => kind,
        };
        return new Call(
            function, [interval, number], type, calendar || interval.Nullable || number.Nullable, span);
    }

    private static bool IsInterval(DataType type) =>
        type.Kind is TypeKind.YearMonthInterval or TypeKind.DayTimeInterval or TypeKind.CalendarInterval;

    private static bool IsTimestamp(DataType type) => type.Kind is TypeKind.Timestamp or TypeKind.TimestampNtz;

    private static bool IsDatetime(DataType type) => type.Kind == TypeKind.Date || IsTimestamp(type);

    private static bool IsTemporal(DataType type) =>
        IsInterval(type) || IsDatetime(type) || type.Kind == TypeKind.Time;
}
