using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Evaluation;

namespace Polder.Files;

/// <summary>Which rows come out, told by some of their columns, which are decoded before the others.</summary>
/// <param name="Columns">Names of columns of the file, or dotted paths of parts of them.</param>
/// <param name="Apply">
/// Those of the rows that come out, given a batch of the columns and rows of it. Called by several threads at once.
/// </param>
/// <param name="NeedsPositions">Whether the batch has a last column: the rows' positions in the file.</param>
internal sealed record RowFilter(
    IReadOnlyList<string> Columns, Func<RecordBatch, Selection, Selection> Apply, bool NeedsPositions = false)
{
    /// <summary>The rows for which a condition on columns of a file is true.</summary>
    /// <param name="condition">Its columns are found by name.</param>
    /// <param name="file">The file's columns as a struct.</param>
    /// <exception cref="ArgumentException">The file has no such column.</exception>
    public static RowFilter Create(Expression condition, DataType file)
    {
        string[] names = [.. Names(condition).Distinct()];
        List<StructField> fields = [];
        foreach (string name in names)
        {
            int index = file.IndexOf(name);
            fields.Add(index >= 0 ? file.Fields[index] : throw new ArgumentException(
                $"the file has no column '{name}'", nameof(condition)));
        }

        Evaluator evaluator = Evaluator.Create(Bind(condition, names));
        return new RowFilter([.. fields.Select(field => field.Name)], evaluator.Filter);
    }

    private static IEnumerable<string> Names(Expression expression) =>
        expression is ColumnReference column ? [column.Name] : expression.Children.SelectMany(Names);

    private static Expression Bind(Expression expression, string[] names) => expression is ColumnReference column
        ? new ColumnReference(
            System.Array.IndexOf(names, column.Name), column.Name, column.Type, column.Nullable, column.Span)
        : expression.WithChildren([.. expression.Children.Select(child => Bind(child, names))]);
}
