using System;
using System.Collections.Generic;
using System.Text.Unicode;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Expressions.Evaluation;

/// <summary>
/// Replaces what depends on no column by its value. What fails stays as it is, to fail for the rows that reach it: the
/// branches of CASE and COALESCE and the right sides of AND and OR may reach none.
/// </summary>
public static class ConstantFolder
{
    private static readonly RecordBatch OneRow = new(new Schema([], null), [], 1);

    /// <summary>The same expression with its constant parts evaluated.</summary>
    public static Expression Fold(Expression expression, EvaluationContext? context = null) =>
        Fold(expression, context ?? EvaluationContext.Default, out _);

    private static Expression Fold(Expression expression, EvaluationContext context, out bool isConstant)
    {
        isConstant = expression is Literal;
        if (expression is Literal or ColumnReference or AggregateCall)
        {
            return expression;
        }

        IReadOnlyList<Expression> children = expression.Children;
        Expression[] folded = new Expression[children.Count];
        bool changed = false;
        isConstant = true;
        for (int childIndex = 0; childIndex < folded.Length; childIndex++)
        {
            folded[childIndex] = Fold(children[childIndex], context, out bool isChildConstant);
            isConstant &= isChildConstant;
            changed |= !ReferenceEquals(folded[childIndex], children[childIndex]);
        }

        Expression rebuilt = changed ? expression.WithChildren(folded) : expression;
        if (!isConstant)
        {
            return Simplify(rebuilt, ref isConstant);
        }

        return CanHold(expression.Type) ? Evaluate(rebuilt, context) : rebuilt;
    }

    // FALSE AND x, TRUE OR x: the right side is never evaluated, whatever it is.
    private static Expression Simplify(Expression expression, ref bool isConstant)
    {
        if (expression is Call { Function: Function.And or Function.Or } call &&
            call.Children[0] is Literal { Value: bool decided })
        {
            bool isOr = call.Function == Function.Or;
            Expression kept = decided == isOr ? call.Children[0] : call.Children[1];
            isConstant = kept is Literal;
            return kept;
        }

        return expression;
    }

    private static Expression Evaluate(Expression expression, EvaluationContext context)
    {
        try
        {
            IArrowArray value = Evaluator.CreateUnfolded(expression, context).Evaluate(OneRow);
            if (expression.Type.IsText && !value.IsNull(0) && !IsValidText(value))
            {
                return expression;
            }

            return new Literal(ColumnValues.Get(value, 0, expression.Type), expression.Type, expression.Span);
        }
        catch (QueryException)
        {
            return expression;
        }
    }

    // A literal's text is UTF-16; bytes that are no UTF-8 would not survive.
    private static bool IsValidText(IArrowArray value)
    {
        ReadOnlySpan<int> offsets = ColumnValues.Offsets(value);
        return Utf8.IsValid(ColumnValues.Bytes(value)[offsets[0]..offsets[1]]);
    }

    private static bool CanHold(DataType type) =>
        !type.IsNested && type.Kind != TypeKind.Variant;
}
