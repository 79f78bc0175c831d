using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;

namespace Polder.Delta.Scan;

/// <summary>Predicates as lists of conditions that must all hold.</summary>
internal static class Conjunction
{
    public static IEnumerable<Expression> Split(Expression predicate) =>
        predicate is Call { Function: Function.And } both ? both.Children.SelectMany(Split) : [predicate];

    /// <summary>The conditions as one predicate, or null where there are none.</summary>
    public static Expression? Join(IEnumerable<Expression> conditions)
    {
        Expression? joined = null;
        foreach (Expression condition in conditions)
        {
            joined = joined is null ? condition : new Call(
                Function.And, [joined, condition], DataType.Boolean, joined.Nullable || condition.Nullable);
        }

        return joined;
    }

    /// <summary>The names of the columns that an expression refers to.</summary>
    public static IEnumerable<string> ColumnNames(Expression expression) => expression is ColumnReference column
        ? [column.Name]
        : expression.Children.SelectMany(ColumnNames);

    /// <summary>The same expression over another batch layout: columns are found there by name.</summary>
    public static Expression Rebind(Expression expression, DataType layout) => expression is ColumnReference column
        ? Bind(column, layout)
        : expression.WithChildren([.. expression.Children.Select(child => Rebind(child, layout))]);

    private static ColumnReference Bind(ColumnReference column, DataType layout)
    {
        int index = layout.IndexOf(column.Name);
        Invariant.Holds(index >= 0, $"the column {column.Name} of a predicate is not in the scan");
        StructField field = layout.Fields[index];
        return new ColumnReference(index, field.Name, field.Type, field.Nullable, column.Span);
    }
}
