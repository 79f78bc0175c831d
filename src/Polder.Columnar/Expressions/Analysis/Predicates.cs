using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions.Syntax;

namespace Polder.Expressions.Analysis;

/// <summary>Conditions other than comparisons.</summary>
internal static class Predicates
{
    /// <summary>IS [NOT] NULL, TRUE, FALSE, UNKNOWN.</summary>
    public static Expression Is(Expression operand, IsTest test, bool negated, TextSpan span)
    {
        if (test == IsTest.Null)
        {
            return IsNull(operand, negated, span);
        }

        if (test == IsTest.Unknown)
        {
            return operand.Type.Kind is TypeKind.Boolean or TypeKind.Void
                ? IsNull(Casts.Implicitly(operand, DataType.Boolean), negated, span)
                : throw AnalysisErrors.UnexpectedInput(
                    $"({ExpressionText.Format(operand)} IS {(negated ? "NOT " : "")}UNKNOWN)",
                    0,
                    "\"BOOLEAN\"",
                    operand,
                    span);
        }

        Literal wanted = new(test == IsTest.True, DataType.Boolean);
        Expression same = Operators.Binary(BinaryOperator.NullSafeEqual, operand, wanted, span);
        return negated ? Operators.Unary(UnaryOperator.Not, same, span) : same;
    }

    /// <summary>IS NULL or IS NOT NULL.</summary>
    public static Expression IsNull(Expression operand, bool negated, TextSpan span) =>
        new Call(negated ? Function.IsNotNull : Function.IsNull, [operand], DataType.Boolean, false, span);

    /// <summary>IN over values.</summary>
    public static Expression In(
        Expression operand, IReadOnlyList<Expression> candidates, bool negated, TextSpan span)
    {
        List<Expression> all =
            [operand, .. candidates.Select(candidate => Comparisons.BesideColumn(candidate, operand))];
        Call untyped = new(Function.In, all, DataType.Boolean, true, span);
        DataType type = Coercion.WiderOfAll(all.Select(value => value.Type)) ??
            throw AnalysisErrors.NoCommonType(
                ExpressionText.Format(untyped), "in", all.Select(value => value.Type), listed: true, span);
        if (!Coercion.IsOrderable(type))
        {
            throw AnalysisErrors.NotOrderable(ExpressionText.Format(untyped), "in", type, span);
        }

        Expression[] coerced = [.. all.Select(value => Casts.Implicitly(value, type))];
        Call test = new(Function.In, coerced, DataType.Boolean, coerced.Any(value => value.Nullable), span);
        return negated ? Operators.Unary(UnaryOperator.Not, test, span) : test;
    }

    /// <summary>BETWEEN, which is two comparisons.</summary>
    public static Expression Between(
        Expression operand, Expression lower, Expression upper, bool negated, TextSpan span)
    {
        // Spark hides the operand behind a reference, so that a constant counts as an expression of its type.
        Expression above = Comparisons.Compare(Function.GreaterThanOrEqual, operand, lower, span, constantLeft: false);
        Expression below = Comparisons.Compare(Function.LessThanOrEqual, operand, upper, span, constantLeft: false);
        Expression between = Operators.Binary(BinaryOperator.And, above, below, span);
        return negated ? Operators.Unary(UnaryOperator.Not, between, span) : between;
    }

    /// <summary>LIKE with its escape character.</summary>
    public static Expression Like(
        Expression operand, Expression pattern, char escape, bool negated, TextSpan span)
    {
        Literal character = new(escape.ToString(), DataType.String);
        Call untyped = new(Function.Like, [operand, pattern, character], DataType.Boolean, true, span);
        Expression text = AsString(operand, 0, untyped);
        Expression coerced = AsString(pattern, 1, untyped);
        Call test = new(
            Function.Like, [text, coerced, character], DataType.Boolean, text.Nullable || coerced.Nullable, span);
        return negated ? Operators.Unary(UnaryOperator.Not, test, span) : test;
    }

    private static Expression AsString(Expression operand, int ordinal, Call call) =>
        Coercion.Implicit(operand.Type, DataType.String) is { } type
            ? Casts.Implicitly(operand, type)
            : throw AnalysisErrors.UnexpectedInput(
                ExpressionText.Format(call), ordinal, "\"STRING\"", operand, call.Span);
}
