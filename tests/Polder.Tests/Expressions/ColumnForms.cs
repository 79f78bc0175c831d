using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Evaluation;

namespace Polder.Tests.Expressions;

/// <summary>
/// An expression of constants with its constants turned into columns: each row then must give what the constants of
/// that row give on their own, dense and selected, and of failing rows the first must be the one that fails.
/// </summary>
internal static class ColumnForms
{
    private const int RowCount = 37;

    private static readonly RecordBatch OneRow = new(new Schema([], null), [], 1);

    /// <summary>How a form with columns differs; null where none does.</summary>
    public static string? FirstDifference(Expression expression)
    {
        List<Literal> literals = [];
        Collect(expression, literals);
        if (literals.Count is 0 or > 6)
        {
            return null;
        }

        Outcome plain = Outcome.Of(() => Evaluator.Create(expression).Evaluate(OneRow));
        if (plain.Error?.Condition == QueryException.Unsupported)
        {
            return null;
        }

        HashSet<int> all = [.. Enumerable.Range(0, literals.Count)];
        string? difference = Difference(expression, literals, all);
        for (int literalIndex = 0; literalIndex < literals.Count && difference is null; literalIndex++)
        {
            difference = Difference(expression, literals, [literalIndex]);
        }

        return difference;
    }

    private static void Collect(Expression expression, List<Literal> literals)
    {
        if (expression is Literal literal)
        {
            // The word epoch is a date in constants only.
            if (!literals.Contains(literal) && literal.Type.Kind != TypeKind.Void && literal.Value is not "epoch")
            {
                literals.Add(literal);
            }

            return;
        }

        bool isLike = expression is Call { Function: Function.Like };
        for (int childIndex = 0; childIndex < expression.Children.Count && !(isLike && childIndex == 2); childIndex++)
        {
            Collect(expression.Children[childIndex], literals);
        }
    }

    private static string? Difference(Expression expression, List<Literal> literals, HashSet<int> asColumns)
    {
        // Values of one type trade places, so that rows differ; every few rows something is null.
        object?[][] rows = new object?[RowCount][];
        for (int row = 0; row < RowCount; row++)
        {
            rows[row] = new object?[literals.Count];
            for (int literalIndex = 0; literalIndex < literals.Count; literalIndex++)
            {
                rows[row][literalIndex] = asColumns.Contains(literalIndex)
                    ? ValueFor(literals, literalIndex, row)
                    : literals[literalIndex].Value;
            }
        }

        Outcome[] expected = new Outcome[RowCount];
        Dictionary<string, Outcome> known = [];
        for (int row = 0; row < RowCount; row++)
        {
            object?[] values = rows[row];
            string key = string.Join("|", values.Select(RecordedValue.ToText));
            if (!known.TryGetValue(key, out Outcome? outcome))
            {
                Expression constants = Replace(
                    expression,
                    literals,
                    index => new Literal(values[index], literals[index].Type, literals[index].Span));
                outcome = Outcome.Of(() => Evaluator.Create(constants).Evaluate(OneRow));
                known.Add(key, outcome);
            }

            expected[row] = outcome;
        }

        Expression columns = Replace(expression, literals, index => asColumns.Contains(index)
            ? new ColumnReference(index, $"c{index}", literals[index].Type, true, literals[index].Span)
            : literals[index]);
        RecordBatch batch = ToBatch(literals, rows);
        return Compare(Evaluator.Create(columns), batch, expected, expression.Type);
    }

    private static object? ValueFor(List<Literal> literals, int literalIndex, int row)
    {
        if ((row + literalIndex) % 5 == 3 || row % 11 == 7)
        {
            return null;
        }

        List<Literal> alike = [.. literals.Where(literal => literal.Type.Equals(literals[literalIndex].Type))];
        return row % 3 == 2
            ? alike[(literalIndex + row) % alike.Count].Value
            : literals[literalIndex].Value;
    }

    private static Expression Replace(Expression expression, List<Literal> literals, Func<int, Expression> replacement)
    {
        if (expression is Literal literal)
        {
            int index = literals.IndexOf(literal);
            return index < 0 ? expression : replacement(index);
        }

        return expression.Children.Count == 0 ? expression : expression.WithChildren(
            [.. expression.Children.Select(child => Replace(child, literals, replacement))]);
    }

    private static RecordBatch ToBatch(List<Literal> literals, object?[][] rows)
    {
        List<StructField> fields = [];
        List<IArrowArray> arrays = [];
        for (int literalIndex = 0; literalIndex < literals.Count; literalIndex++)
        {
            DataType type = literals[literalIndex].Type;
            ColumnBuilder builder = ColumnBuilder.Create(type, RowCount + 3);

            // Three rows in front that are sliced off: offsets must be honoured.
            for (int row = -3; row < RowCount; row++)
            {
                builder.AppendValue(rows[int.Max(row, 0)][literalIndex]);
            }

            IArrowArray array = builder.Build();
            arrays.Add(ArrowArrayFactory.BuildArray(array.Data.Slice(3, RowCount)));
            fields.Add(new StructField($"c{literalIndex}", type));
        }

        return new RecordBatch(ArrowTypes.ToSchema(DataType.Struct(fields)), arrays, RowCount);
    }

    private static string? Compare(Evaluator evaluator, RecordBatch batch, Outcome[] expected, DataType type)
    {
        int firstFailure = System.Array.FindIndex(expected, outcome => outcome.Error is not null);
        Outcome dense = Outcome.Of(() => evaluator.Evaluate(batch));
        if (firstFailure >= 0)
        {
            return dense.Error is null
                ? $"row {firstFailure} must fail with {expected[firstFailure].Error!.Condition}"
                : expected[firstFailure].DifferenceFrom(dense, type) ??
                    Compare(evaluator, batch, expected, type, row => expected[row].Error is null);
        }

        return dense.Error is not null
            ? $"no row fails on its own, yet {dense.Error.Condition}"
            : CompareRows(dense.Array!, [.. Enumerable.Range(0, RowCount)], expected, type) ??
                Compare(evaluator, batch, expected, type, row => row % 4 != 1);
    }

    private static string? Compare(
        Evaluator evaluator, RecordBatch batch, Outcome[] expected, DataType type, Func<int, bool> chosen)
    {
        int[] rows = [.. Enumerable.Range(0, RowCount).Where(chosen)];
        Outcome selected = Outcome.Of(() => evaluator.Evaluate(batch, Selection.From(rows, rows.Length, RowCount)));
        if (selected.Error is not null)
        {
            return $"selected rows: {selected.Error.Condition} of a row that is not selected";
        }

        return CompareRows(selected.Array!, rows, expected, type) ??
            CompareFilter(evaluator, batch, rows, expected, type);
    }

    private static string? CompareRows(IArrowArray array, int[] rows, Outcome[] expected, DataType type)
    {
        if (array.Length != rows.Length)
        {
            return $"{array.Length} values for {rows.Length} rows";
        }

        for (int position = 0; position < rows.Length; position++)
        {
            if (expected[rows[position]].DifferenceFrom(new Outcome(array, null), type, position) is { } difference)
            {
                return $"row {rows[position]}: {difference}";
            }
        }

        return null;
    }

    private static string? CompareFilter(
        Evaluator evaluator, RecordBatch batch, int[] rows, Outcome[] expected, DataType type)
    {
        if (type.Kind != TypeKind.Boolean)
        {
            return null;
        }

        int[] wanted = [.. rows.Where(row => ColumnValues.Get(expected[row].Array!, 0, type) is true)];
        Selection found = evaluator.Filter(batch, Selection.From(rows, rows.Length, RowCount));
        return found.Rows.SequenceEqual(wanted) ? null : $"filter kept {found.Count} rows for {wanted.Length}";
    }
}
