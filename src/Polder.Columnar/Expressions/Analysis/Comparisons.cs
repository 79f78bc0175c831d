using System;
using Polder.Columns;

namespace Polder.Expressions.Analysis;

/// <summary>= &lt;=&gt; &lt; &lt;= &gt; &gt;=.</summary>
internal static class Comparisons
{
    /// <param name="function">Which comparison.</param>
    /// <param name="left">Its left side.</param>
    /// <param name="right">Its right side.</param>
    /// <param name="span">Where it stands.</param>
    /// <param name="constantLeft">Whether a constant on the left is treated as one.</param>
    public static Expression Compare(
        Function function, Expression left, Expression right, TextSpan span, bool constantLeft = true)
    {
        left = BesideColumn(left, right);
        right = BesideColumn(right, left);
        bool literalDecimal = left is Literal { Type.Kind: TypeKind.Decimal };
        if ((constantLeft || !literalDecimal) && IntegerBounds.Rewrite(function, left, right, span) is { } rewritten)
        {
            return rewritten;
        }

        (left, right) = Coerce(left, right);
        string sql = ExpressionText.Format(new Call(function, [left, right], DataType.Boolean, true));
        if (!Coercion.IsSame(left.Type, right.Type))
        {
            throw AnalysisErrors.DifferentTypes(sql, left.Type, right.Type, span);
        }

        if (!Coercion.IsOrderable(left.Type))
        {
            throw AnalysisErrors.NotOrderable(sql, SymbolOf(function), left.Type, span);
        }

        bool nullable = function != Function.NullSafeEqual && (left.Nullable || right.Nullable);
        return new Call(function, [left, right], DataType.Boolean, nullable, span);
    }

    /// <summary>
    /// A TIMESTAMP literal beside a TIMESTAMP_NTZ column is read as one of that type. Spark casts the column instead,
    /// which gives the same answer in UTC and costs the pruning.
    /// </summary>
    public static Expression BesideColumn(Expression operand, Expression other) =>
        operand is Literal { Type.Kind: TypeKind.Timestamp } literal && other.Type.Kind == TypeKind.TimestampNtz &&
            other is ColumnReference or FieldAccess
            ? new Literal(literal.Value, DataType.TimestampNtz, literal.Span)
            : operand;

    private static (Expression Left, Expression Right) Coerce(Expression left, Expression right)
    {
        if (Coercion.Promoted(left.Type, right.Type) is { } promoted)
        {
            return (Casts.Implicitly(left, promoted), Casts.Implicitly(right, promoted));
        }

        if (left.Type.IsNumeric && right.Type.IsNumeric)
        {
            (left, right) = Arithmetic.MeetAsDecimals(left, right);
        }

        DataType? type = left.Type.Kind == TypeKind.Decimal && right.Type.Kind == TypeKind.Decimal
            ? DecimalTypes.Wider(left.Type, right.Type)
            : left.Type.IsNested ? Coercion.Wider(left.Type, right.Type)
            : Coercion.Tightest(left.Type, right.Type);
        return type is null
            ? (left, right)
            : (Casts.Implicitly(left, type), Casts.Implicitly(right, type));
    }

    private static string SymbolOf(Function function) => function switch
    {
        Function.Equal => "=",
        Function.NullSafeEqual => "<=>",
        Function.LessThan => "<",
        Function.LessThanOrEqual => "<=",
        Function.GreaterThan => ">",
        Function.GreaterThanOrEqual => ">=",
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };
}
