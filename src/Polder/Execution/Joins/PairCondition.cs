using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Execution.Pipelines;
using Polder.Expressions;
using Polder.Expressions.Evaluation;

namespace Polder.Execution.Joins;

/// <summary>
/// A condition over pairs of a probe row and a build row. Only the columns it refers to are gathered. Threads
/// may share it.
/// </summary>
internal sealed class PairCondition
{
    private readonly Evaluator _evaluator;
    private readonly Schema _schema;
    private readonly IReadOnlyList<(bool IsProbe, int Column)> _columns;

    /// <summary>Makes the condition.</summary>
    /// <param name="condition">Over the columns left ++ right of the join.</param>
    /// <param name="plan">The join.</param>
    /// <param name="context">The query.</param>
    public PairCondition(Expression condition, JoinPlan plan, QueryContext context)
    {
        int leftCount = plan.Node.Left.Output.Fields.Count;
        List<ColumnReference> columns = [];
        Expression compact = Compact(condition, columns);
        _evaluator = context.Prepare(compact);
        _columns = [.. columns.Select(column => column.Index < leftCount
            ? (!plan.IsSwapped, column.Index)
            : (plan.IsSwapped, column.Index - leftCount))];
        _schema = ArrowTypes.ToSchema(DataType.Struct(
            [.. columns.Select(column => new StructField(column.Name, column.Type))]));
    }

    /// <summary>The pairs for which the condition is TRUE.</summary>
    public Selection Filter(
        RecordBatch probe, ReadOnlySpan<int> probeRows, RecordBatch build, ReadOnlySpan<int> buildRows)
    {
        IArrowArray[] arrays = new IArrowArray[_columns.Count];
        for (int index = 0; index < arrays.Length; index++)
        {
            (bool isProbe, int column) = _columns[index];
            arrays[index] = isProbe
                ? Take.Rows(probe.Column(column), probeRows)
                : Take.Rows(build.Column(column), buildRows);
        }

        return _evaluator.Filter(new RecordBatch(_schema, arrays, probeRows.Length));
    }

    /// <summary>
    /// What a NOT IN asks of a pair: that no key is known to differ, and that the residual is TRUE.
    /// </summary>
    public static Expression MayEqualAndResidual(JoinNode node)
    {
        int leftCount = node.Left.Output.Fields.Count;
        Expression? condition = null;
        for (int key = 0; key < node.LeftKeys.Count; key++)
        {
            Call equal = new(
                Function.Equal, [node.LeftKeys[key], Shift(node.RightKeys[key], leftCount)], DataType.Boolean, true);
            Call isNull = new(Function.IsNull, [equal], DataType.Boolean, false);
            Call mayEqual = new(Function.Or, [equal, isNull], DataType.Boolean, true);
            condition = condition is null
                ? mayEqual
                : new Call(Function.And, [condition, mayEqual], DataType.Boolean, true);
        }

        return node.Residual is null
            ? condition!
            : new Call(Function.And, [condition!, node.Residual], DataType.Boolean, true);
    }

    private static Expression Shift(Expression expression, int by) => expression is ColumnReference column
        ? new ColumnReference(column.Index + by, column.Name, column.Type, column.Nullable, column.Span)
        : expression.Children.Count == 0
            ? expression
            : expression.WithChildren([.. expression.Children.Select(child => Shift(child, by))]);

    // The same expression over the columns it refers to, in the order met.
    private static Expression Compact(Expression expression, List<ColumnReference> columns)
    {
        if (expression is not ColumnReference column)
        {
            return expression.Children.Count == 0
                ? expression
                : expression.WithChildren([.. expression.Children.Select(child => Compact(child, columns))]);
        }

        int index = columns.FindIndex(known => known.Index == column.Index);
        if (index < 0)
        {
            index = columns.Count;
            columns.Add(column);
        }

        return new ColumnReference(index, column.Name, column.Type, true, column.Span);
    }
}
