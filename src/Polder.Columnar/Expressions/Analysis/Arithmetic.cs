using System;
using Polder.Columns;

namespace Polder.Expressions.Analysis;

/// <summary>+ - * / % DIV and the bitwise operators.</summary>
internal static class Arithmetic
{
    private const string AdditiveTypes =
        "(\"NUMERIC\" or \"INTERVAL DAY TO SECOND\" or \"INTERVAL YEAR TO MONTH\" or \"INTERVAL\")";

    private const string DivTypes =
        "(\"BIGINT\" or \"DECIMAL\" or \"INTERVAL YEAR TO MONTH\" or \"INTERVAL DAY TO SECOND\")";

    public static Expression Apply(Function function, Expression left, Expression right, TextSpan span)
    {
        if (DatetimeArithmetic.Apply(function, left, right, span) is { } datetime)
        {
            return datetime;
        }

        (left, right) = Coerce(function, left, right);
        if (DatetimeArithmetic.Apply(function, left, right, span) is { } promoted)
        {
            return promoted;
        }

        string sql = ExpressionText.Format(new Call(function, [left, right], left.Type, true));
        bool decimals = left.Type.Kind == TypeKind.Decimal && right.Type.Kind == TypeKind.Decimal;
        if (!decimals && !left.Type.Equals(right.Type))
        {
            throw AnalysisErrors.DifferentTypes(sql, left.Type, right.Type, span);
        }

        if (!Accepts(function, left.Type))
        {
            throw AnalysisErrors.WrongType(sql, AcceptedTypes(function), left.Type, span);
        }

        if (function == Function.IntegralDivide && !left.Type.IsNumeric)
        {
            throw QueryException.NotYet("DIV of intervals", span);
        }

        DataType type = function == Function.IntegralDivide ? DataType.Long
            : decimals ? DecimalResult(function, left.Type, right.Type)
            : left.Type;
        bool divides = function is Function.Divide or Function.IntegralDivide or Function.Remainder;
        return new Call(function, [left, right], type, divides || left.Nullable || right.Nullable, span);
    }

    /// <summary>&amp;, | and ^.</summary>
    public static Expression Bitwise(Function function, Expression left, Expression right, TextSpan span)
    {
        (left, right) = Coerce(function, left, right);
        string sql = ExpressionText.Format(new Call(function, [left, right], left.Type, true));
        if (left.Type.Kind == TypeKind.Void && right.Type.Kind == TypeKind.Void)
        {
            (left, right) = (Casts.Implicitly(left, DataType.Integer), Casts.Implicitly(right, DataType.Integer));
        }

        if (!left.Type.Equals(right.Type))
        {
            throw AnalysisErrors.DifferentTypes(sql, left.Type, right.Type, span);
        }

        return left.Type.IsIntegral
            ? new Call(function, [left, right], left.Type, left.Nullable || right.Nullable, span)
            : throw AnalysisErrors.WrongType(sql, "\"INTEGRAL\"", left.Type, span);
    }

    /// <summary>Brings a decimal and another number together: both decimal, or both double.</summary>
    public static (Expression Left, Expression Right) MeetAsDecimals(Expression left, Expression right)
    {
        if (left.Type.Kind == TypeKind.Decimal == (right.Type.Kind == TypeKind.Decimal))
        {
            return (left, right);
        }

        return left.Type.Kind == TypeKind.Decimal
            ? (BesideNumber(left, right), AsDecimal(right))
            : (AsDecimal(left), BesideNumber(right, left));
    }

    /// <summary>An integral as a decimal: a literal with its own digits, else with those of its type.</summary>
    private static Expression AsDecimal(Expression number)
    {
        if (!number.Type.IsIntegral)
        {
            return number;
        }

        // Spark narrows smallint, int and bigint literals, but not tinyint ones (DataTypeUtils.fromLiteral).
        long? value = number is Literal literal && number.Type.Kind != TypeKind.Byte
            ? Convert.ToInt64(literal.Value, System.Globalization.CultureInfo.InvariantCulture)
            : null;
        DataType type = value is { } digits
            ? DataType.Decimal(DigitCount(digits), 0)
            : DecimalTypes.Holding(number.Type)!;
        return Casts.Implicitly(number, type);
    }

    private static Expression BesideNumber(Expression number, Expression other) =>
        other.Type.Kind is TypeKind.Float or TypeKind.Double ? Casts.Implicitly(number, DataType.Double) : number;

    private static int DigitCount(long value)
    {
        int digits = 1;
        for (Int128 rest = Int128.Abs(value) / 10; rest > 0; rest /= 10)
        {
            digits++;
        }

        return digits;
    }

    private static (Expression Left, Expression Right) Coerce(Function function, Expression left, Expression right)
    {
        if (Coercion.Promoted(left.Type, right.Type) is { } promoted)
        {
            (left, right) = (Casts.Implicitly(left, promoted), Casts.Implicitly(right, promoted));
        }

        (left, right) = MeetAsDecimals(left, right);
        if (function == Function.IntegralDivide)
        {
            (left, right) = (AsLong(left), AsLong(right));
        }

        bool decimals = left.Type.Kind == TypeKind.Decimal && right.Type.Kind == TypeKind.Decimal;
        if (!decimals && !left.Type.Equals(right.Type) &&
            Coercion.Tightest(left.Type, right.Type) is { } common && Accepts(function, common))
        {
            (left, right) = (Casts.Implicitly(left, common), Casts.Implicitly(right, common));
        }

        bool divides = function == Function.Divide && left.Type.Kind != TypeKind.Decimal &&
            IsNumberOrNull(left) && IsNumberOrNull(right);
        if (divides || (left.Type.Kind == TypeKind.Void && right.Type.Kind == TypeKind.Void && !IsBitwise(function)))
        {
            DataType type = function == Function.IntegralDivide ? DataType.Long : DataType.Double;
            (left, right) = (Casts.Implicitly(left, type), Casts.Implicitly(right, type));
        }

        return (left, right);
    }

    private static bool IsNumberOrNull(Expression operand) =>
        operand.Type.IsNumeric || operand.Type.Kind == TypeKind.Void;

    private static Expression AsLong(Expression operand) =>
        operand.Type.IsIntegral ? Casts.Implicitly(operand, DataType.Long) : operand;

    private static bool IsBitwise(Function function) =>
        function is Function.BitwiseAnd or Function.BitwiseOr or Function.BitwiseXor;

    private static bool Accepts(Function function, DataType type)
    {
        bool interval = type.Kind is TypeKind.YearMonthInterval or TypeKind.DayTimeInterval;
        return function switch
        {
            Function.Add or Function.Subtract =>
                type.IsNumeric || interval || type.Kind == TypeKind.CalendarInterval,
            Function.Divide => type.IsNumeric,
            Function.IntegralDivide => interval || type.Kind is TypeKind.Long or TypeKind.Decimal,
            Function.BitwiseAnd or Function.BitwiseOr or Function.BitwiseXor => type.IsIntegral,
            _ => type.IsNumeric,
        };
    }

    private static string AcceptedTypes(Function function) => function switch
    {
        Function.Add or Function.Subtract => AdditiveTypes,
        Function.Divide => "(\"DOUBLE\" or \"DECIMAL\")",
        Function.IntegralDivide => DivTypes,
        _ => "\"NUMERIC\"",
    };

    private static DataType DecimalResult(Function function, DataType left, DataType right) => function switch
    {
        Function.Multiply => DecimalTypes.Multiply(left, right),
        Function.Divide => DecimalTypes.Divide(left, right),
        Function.Remainder => DecimalTypes.Remainder(left, right),
        _ => DecimalTypes.Add(left, right),
    };
}
