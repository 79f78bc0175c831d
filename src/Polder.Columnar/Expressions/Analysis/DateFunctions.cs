using System.Collections.Generic;
using System.Linq;
using Polder.Columns;

namespace Polder.Expressions.Analysis;

/// <summary>Functions of dates that operators and casts express.</summary>
internal static class DateFunctions
{
    private const string DayTypes = "(\"INT\" or \"SMALLINT\" or \"TINYINT\")";

    /// <summary>date_add, date_sub.</summary>
    public static Expression AddDays(
        string name, Function function, IReadOnlyList<Expression> arguments, TextSpan span)
    {
        string sql = TextOf(name, arguments);
        Expression date = AsDate(arguments[0], sql, span);
        Expression days = arguments[1].Type.Kind is
            TypeKind.Integer or TypeKind.Short or TypeKind.Byte or TypeKind.String or TypeKind.Void
            ? Casts.Implicitly(arguments[1], DataType.Integer)
            : throw AnalysisErrors.UnexpectedInput(sql, 1, DayTypes, arguments[1], span);
        return new Call(function, [date, days], DataType.Date, date.Nullable || days.Nullable, span);
    }

    /// <summary>datediff(end, start): days, as an int.</summary>
    public static Expression DifferenceInDays(IReadOnlyList<Expression> arguments, TextSpan span)
    {
        string sql = TextOf("datediff", arguments);
        Expression end = AsDate(arguments[0], sql, span);
        Expression start = AsDate(arguments[1], sql, span, ordinal: 1);
        Expression days = DatetimeArithmetic.Apply(Function.Subtract, end, start, span)!;
        return new Cast(days, DataType.Integer, days.Nullable, CastMode.Ansi, span);
    }

    /// <summary>add_months(date, months).</summary>
    public static Expression AddMonths(IReadOnlyList<Expression> arguments, TextSpan span)
    {
        string sql = TextOf("add_months", arguments);
        Expression date = AsDate(arguments[0], sql, span);
        Expression months = Coercion.Implicit(arguments[1].Type, DataType.Integer) is { } type
            ? Casts.Implicitly(arguments[1], type)
            : throw AnalysisErrors.UnexpectedInput(sql, 1, "\"INT\"", arguments[1], span);
        DataType interval = DataType.YearMonthInterval(IntervalField.Month, IntervalField.Month);
        return new Call(
            Function.Add,
            [date, Casts.Implicitly(months, interval)],
            DataType.Date,
            date.Nullable || months.Nullable,
            span);
    }

    /// <summary>to_date, to_timestamp and their like without a format: a cast.</summary>
    public static Expression Convert(
        string name, DataType type, bool takesNumbers, IReadOnlyList<Expression> arguments, TextSpan span)
    {
        if (arguments.Count > 1)
        {
            throw QueryException.NotYet($"{name} with a format", span);
        }

        bool taken = arguments[0].Type.Kind is TypeKind.String or TypeKind.Date or TypeKind.Timestamp or
            TypeKind.TimestampNtz or TypeKind.Void || (takesNumbers && arguments[0].Type.IsNumeric);
        return taken ? Casts.ByName(arguments[0], type, span)
            : Coercion.Implicit(arguments[0].Type, DataType.String) is { } text
                ? Casts.ByName(Casts.Implicitly(arguments[0], text), type, span)
            : throw AnalysisErrors.UnexpectedInput(
                TextOf(name, arguments),
                0,
                "(\"STRING\" or \"DATE\" or \"TIMESTAMP\" or \"TIMESTAMP_NTZ\")",
                arguments[0],
                span);
    }

    private static Expression AsDate(Expression argument, string sql, TextSpan span, int ordinal = 0) =>
        argument.Type.Kind is TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampNtz or TypeKind.String or
            TypeKind.Void
            ? Casts.Implicitly(argument, DataType.Date)
            : throw AnalysisErrors.UnexpectedInput(sql, ordinal, "\"DATE\"", argument, span);

    private static string TextOf(string name, IEnumerable<Expression> arguments) =>
        $"{name}({string.Join(", ", arguments.Select(ExpressionText.Format))})";
}
