using System.Collections.Generic;
using Polder.Columns;

namespace Polder.Expressions.Analysis;

/// <summary>year(x), extract(YEAR FROM x) and their like.</summary>
internal static class DatetimeFields
{
    private static readonly Dictionary<string, Function> ByField = new()
    {
        ["YEAR"] = Function.Year, ["Y"] = Function.Year, ["YEARS"] = Function.Year, ["YR"] = Function.Year,
        ["YRS"] = Function.Year, ["YEAROFWEEK"] = Function.YearOfWeek, ["QUARTER"] = Function.Quarter,
        ["QTR"] = Function.Quarter, ["MONTH"] = Function.Month, ["MON"] = Function.Month, ["MONS"] = Function.Month,
        ["MONTHS"] = Function.Month, ["WEEK"] = Function.WeekOfYear, ["W"] = Function.WeekOfYear,
        ["WEEKS"] = Function.WeekOfYear, ["DAY"] = Function.Day, ["D"] = Function.Day, ["DAYS"] = Function.Day,
        ["DAYOFWEEK"] = Function.DayOfWeek, ["DOW"] = Function.DayOfWeek, ["DAYOFWEEK_ISO"] = Function.DayOfWeekIso,
        ["DOW_ISO"] = Function.DayOfWeekIso, ["DOY"] = Function.DayOfYear, ["HOUR"] = Function.Hour,
        ["H"] = Function.Hour, ["HOURS"] = Function.Hour, ["HR"] = Function.Hour, ["HRS"] = Function.Hour,
        ["MINUTE"] = Function.Minute, ["M"] = Function.Minute, ["MIN"] = Function.Minute, ["MINS"] = Function.Minute,
        ["MINUTES"] = Function.Minute, ["SECOND"] = Function.SecondWithFraction,
        ["S"] = Function.SecondWithFraction, ["SEC"] = Function.SecondWithFraction,
        ["SECONDS"] = Function.SecondWithFraction, ["SECS"] = Function.SecondWithFraction,
    };

    /// <summary>EXTRACT(field FROM source), date_part.</summary>
    public static Expression Extract(string field, Expression source, TextSpan span)
    {
        if (!ByField.TryGetValue(field.ToUpperInvariant(), out Function function))
        {
            throw InvalidField(field, source, span);
        }

        if (source.Type.Kind is TypeKind.YearMonthInterval or TypeKind.DayTimeInterval or TypeKind.CalendarInterval)
        {
            return OfInterval(function, field, source, span);
        }

        if (source.Type.Kind == TypeKind.Time)
        {
            return function is Function.Hour or Function.Minute or Function.SecondWithFraction
                ? OfTime(function, source, span)
                : throw InvalidField(field, source, span);
        }

        return function == Function.SecondWithFraction
            ? OfClock(function, source, span, DataType.Decimal(8, 6))
            : IsClock(function) ? OfClock(function, source, span, DataType.Integer)
            : OfDate(function, source, span);
    }

    /// <summary>The function of that name: year, month, hour, ….</summary>
    public static Expression Call(Function function, Expression source, TextSpan span) =>
        !IsClock(function) ? OfDate(function, source, span)
            : source.Type.Kind == TypeKind.Time ? OfTime(function, source, span)
            : OfClock(function, source, span, DataType.Integer);

    private static bool IsClock(Function function) => function is Function.Hour or Function.Minute or Function.Second;

    private static Call OfDate(Function function, Expression source, TextSpan span)
    {
        string sql = $"{function.ToString().ToLowerInvariant()}({ExpressionText.Format(source)})";
        if (source.Type.Kind is not (TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampNtz or TypeKind.String or
            TypeKind.Void or TypeKind.Time))
        {
            throw AnalysisErrors.UnexpectedInput(sql, 0, "\"DATE\"", source, span);
        }

        Expression date = Casts.Implicitly(source, DataType.Date);
        return new Call(function, [date], DataType.Integer, date.Nullable, span);
    }

    private static Call OfClock(Function function, Expression source, TextSpan span, DataType type)
    {
        string sql = $"{function.ToString().ToLowerInvariant()}({ExpressionText.Format(source)})";
        if (source.Type.Kind is not (TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampNtz or TypeKind.String or
            TypeKind.Void))
        {
            throw AnalysisErrors.UnexpectedInput(sql, 0, "\"TIMESTAMP\"", source, span);
        }

        Expression moment = source.Type.Kind == TypeKind.TimestampNtz
            ? source
            : Casts.Implicitly(source, DataType.Timestamp);
        return new Call(function, [moment], type, moment.Nullable, span);
    }

    private static Call OfTime(Function function, Expression source, TextSpan span) => new(
        function,
        [source],
        function == Function.SecondWithFraction ? DataType.Decimal(8, 6) : DataType.Integer,
        true,
        span);

    private static Call OfInterval(Function function, string field, Expression source, TextSpan span)
    {
        bool months = function is Function.Year or Function.Month;
        bool time = function is Function.Day or Function.Hour or Function.Minute or Function.SecondWithFraction;
        bool taken = source.Type.Kind switch
        {
            TypeKind.YearMonthInterval => months,
            TypeKind.DayTimeInterval => time,
            _ => months || time,
        };
        DataType type = function switch
        {
            Function.Year or Function.Day => DataType.Integer,
            Function.SecondWithFraction => DataType.Decimal(8, 6),
            _ => DataType.Byte,
        };
        return taken
            ? new Call(function, [source], type, source.Nullable, span)
            : throw InvalidField(field, source, span);
    }

    private static QueryException InvalidField(string field, Expression source, TextSpan span) => new(
        "INVALID_EXTRACT_FIELD",
        "42601",
        $"there is no field {field} in {ExpressionText.Format(source)}",
        new Dictionary<string, string>
        {
            ["field"] = AnalysisErrors.Quote([field]), ["expr"] = AnalysisErrors.Quote(source),
        },
        span);
}
