using System.Linq;
using Polder.Columns;
using Polder.Expressions;

namespace Polder.Sql.Planning;

/// <summary>
/// Whether evaluating an expression can raise an error. One that can never moves to where it sees rows that it did not
/// see as written.
/// </summary>
internal static class Fallibility
{
    /// <summary>True unless it is certain that no row raises an error.</summary>
    public static bool CanFail(Expression expression) =>
        FailsItself(expression) || expression.Children.Any(CanFail);

    private static bool FailsItself(Expression expression) => expression switch
    {
        ColumnReference or Literal or FieldAccess or Case => false,
        Cast cast => cast.Mode == CastMode.Ansi && !IsLossless(cast.Source.Type, cast.Type),
        Call call => CallFails(call),
        _ => true,
    };

    private static bool CallFails(Call call)
    {
        switch (call.Function)
        {
            case Function.And or Function.Or or Function.Not or Function.Equal or Function.NullSafeEqual or
                Function.LessThan or Function.LessThanOrEqual or Function.GreaterThan or
                Function.GreaterThanOrEqual or Function.In or Function.IsNull or Function.IsNotNull or
                Function.Coalesce or Function.Substring:
                return false;
            case Function.Like:
                return !call.Children.Skip(1).All(pattern => pattern is Literal { Value: string text } &&
                    (text == "\\" || !text.Contains('\\', System.StringComparison.Ordinal)));
            case Function.Add or Function.Subtract or Function.Multiply or Function.Negate or Function.Abs:
                return !(call.Type.Kind is TypeKind.Float or TypeKind.Double ||
                    (call.Type.Kind == TypeKind.Decimal && call.Type.Precision < 38));
            case Function.Year or Function.Quarter or Function.Month or Function.WeekOfYear or Function.YearOfWeek or
                Function.Day or Function.DayOfWeek or Function.DayOfWeekIso or Function.Weekday or
                Function.DayOfYear or Function.Hour or Function.Minute or Function.Second or
                Function.SecondWithFraction:
                return false;
            default:
                return true;
        }
    }

    // Conversions that every value survives.
    private static bool IsLossless(DataType from, DataType to)
    {
        if (from.Equals(to) || from.Kind == TypeKind.Void)
        {
            return true;
        }

        if (from.IsIntegral && to.IsIntegral)
        {
            return from.Kind <= to.Kind;
        }

        if (to.Kind == TypeKind.Decimal)
        {
            int digits = from.Kind switch
            {
                TypeKind.Byte => 3,
                TypeKind.Short => 5,
                TypeKind.Integer => 10,
                TypeKind.Long => 20,
                TypeKind.Decimal => from.Precision - from.Scale,
                _ => 99,
            };
            return digits <= to.Precision - to.Scale;
        }

        return (from.IsNumeric && to.Kind is TypeKind.Float or TypeKind.Double) ||
            (!from.IsNested && from.Kind != TypeKind.Variant && to.Kind == TypeKind.String) ||
            (from.Kind == TypeKind.Date && to.Kind is TypeKind.Timestamp or TypeKind.TimestampNtz) ||
            (from.Kind == TypeKind.Timestamp && to.Kind == TypeKind.TimestampNtz) ||
            (from.Kind == TypeKind.TimestampNtz && to.Kind == TypeKind.Timestamp);
    }
}
