using Polder.Columns;
using Polder.Expressions.Syntax;

namespace Polder.Expressions.Analysis;

/// <summary>Operators over analysed operands: coerces them, checks them, types the result.</summary>
internal static class Operators
{
    private const string SignTypes =
        "(\"NUMERIC\" or \"INTERVAL DAY TO SECOND\" or \"INTERVAL YEAR TO MONTH\" or \"INTERVAL\")";

    public static Expression Unary(UnaryOperator unary, Expression operand, TextSpan span)
    {
        switch (unary)
        {
            case UnaryOperator.Not:
                Expression condition = operand.Type.Kind is TypeKind.Void or TypeKind.String
                    ? Casts.Implicitly(operand, DataType.Boolean)
                    : operand;
                return condition.Type.Kind == TypeKind.Boolean
                    ? new Call(Function.Not, [condition], DataType.Boolean, condition.Nullable, span)
                    : throw AnalysisErrors.UnexpectedInput(
                        $"(NOT {ExpressionText.Format(operand)})", 0, "\"BOOLEAN\"", operand, span);
            case UnaryOperator.BitwiseNot:
                Expression integral = operand.Type.Kind == TypeKind.Void
                    ? Casts.Implicitly(operand, DataType.Integer)
                    : operand;
                return integral.Type.IsIntegral
                    ? new Call(Function.BitwiseNot, [integral], integral.Type, integral.Nullable, span)
                    : throw AnalysisErrors.UnexpectedInput(
                        $"~{ExpressionText.Format(operand)}", 0, "\"INTEGRAL\"", operand, span);
            case UnaryOperator.Minus:
                return Signed(Function.Negate, "(- ", operand, span);
            default:
                return Signed(null, "(+ ", operand, span);
        }
    }

    /// <summary>abs(x).</summary>
    public static Expression Abs(Expression operand, TextSpan span)
    {
        Expression number = AsNumber(operand);
        bool interval = number.Type.Kind is TypeKind.YearMonthInterval or TypeKind.DayTimeInterval;
        return number.Type.IsNumeric || interval
            ? new Call(Function.Abs, [number], number.Type, number.Nullable, span)
            : throw AnalysisErrors.UnexpectedInput(
                $"abs({ExpressionText.Format(operand)})",
                0,
                "(\"NUMERIC\" or \"INTERVAL DAY TO SECOND\" or \"INTERVAL YEAR TO MONTH\")",
                operand,
                span);
    }

    public static Expression Binary(BinaryOperator binary, Expression left, Expression right, TextSpan span) =>
        binary switch
        {
            BinaryOperator.And => Logical(Function.And, left, right, span),
            BinaryOperator.Or => Logical(Function.Or, left, right, span),
            BinaryOperator.NotEqual => Unary(
                UnaryOperator.Not, Comparisons.Compare(Function.Equal, left, right, span), span),
            BinaryOperator.Equal => Comparisons.Compare(Function.Equal, left, right, span),
            BinaryOperator.NullSafeEqual => Comparisons.Compare(Function.NullSafeEqual, left, right, span),
            BinaryOperator.LessThan => Comparisons.Compare(Function.LessThan, left, right, span),
            BinaryOperator.LessThanOrEqual => Comparisons.Compare(Function.LessThanOrEqual, left, right, span),
            BinaryOperator.GreaterThan => Comparisons.Compare(Function.GreaterThan, left, right, span),
            BinaryOperator.GreaterThanOrEqual => Comparisons.Compare(Function.GreaterThanOrEqual, left, right, span),
            BinaryOperator.BitwiseAnd => Arithmetic.Bitwise(Function.BitwiseAnd, left, right, span),
            BinaryOperator.BitwiseOr => Arithmetic.Bitwise(Function.BitwiseOr, left, right, span),
            BinaryOperator.BitwiseXor => Arithmetic.Bitwise(Function.BitwiseXor, left, right, span),
            BinaryOperator.Add => Arithmetic.Apply(Function.Add, left, right, span),
            BinaryOperator.Subtract => Arithmetic.Apply(Function.Subtract, left, right, span),
            BinaryOperator.Multiply => Arithmetic.Apply(Function.Multiply, left, right, span),
            BinaryOperator.Divide => Arithmetic.Apply(Function.Divide, left, right, span),
            BinaryOperator.IntegralDivide => Arithmetic.Apply(Function.IntegralDivide, left, right, span),
            BinaryOperator.Remainder => Arithmetic.Apply(Function.Remainder, left, right, span),
            BinaryOperator.Concatenate => Strings.Concatenate([left, right], span),
            _ => throw QueryException.NotYet("a shift (<<, >>, >>>)", span),
        };

    private static Call Logical(Function function, Expression left, Expression right, TextSpan span)
    {
        (left, right) = (AsCondition(left, right), AsCondition(right, left));
        string sql = ExpressionText.Format(new Call(function, [left, right], DataType.Boolean, true));
        if (!left.Type.Equals(right.Type))
        {
            throw AnalysisErrors.DifferentTypes(sql, left.Type, right.Type, span);
        }

        return left.Type.Kind == TypeKind.Boolean
            ? new Call(function, [left, right], DataType.Boolean, left.Nullable || right.Nullable, span)
            : throw AnalysisErrors.WrongType(sql, "\"BOOLEAN\"", left.Type, span);
    }

    /// <summary>NULL and strings beside a condition are read as conditions.</summary>
    private static Expression AsCondition(Expression operand, Expression other) =>
        operand.Type.Kind == TypeKind.Void && other.Type.Kind is TypeKind.Boolean or TypeKind.Void
            ? Casts.Implicitly(operand, DataType.Boolean)
            : operand.Type.Kind == TypeKind.String && other.Type.Kind == TypeKind.Boolean
                ? Casts.Implicitly(operand, DataType.Boolean)
                : operand;

    private static Expression Signed(Function? function, string symbol, Expression operand, TextSpan span)
    {
        Expression number = AsNumber(operand);
        bool interval = number.Type.Kind is
            TypeKind.YearMonthInterval or TypeKind.DayTimeInterval or TypeKind.CalendarInterval;
        if (!number.Type.IsNumeric && !interval)
        {
            throw AnalysisErrors.UnexpectedInput(
                $"{symbol}{ExpressionText.Format(operand)})", 0, SignTypes, operand, span);
        }

        return function is { } negate ? new Call(negate, [number], number.Type, number.Nullable, span) : number;
    }

    private static Expression AsNumber(Expression operand) =>
        operand.Type.Kind is TypeKind.String or TypeKind.Void
            ? Casts.Implicitly(operand, DataType.Double)
            : operand;
}
