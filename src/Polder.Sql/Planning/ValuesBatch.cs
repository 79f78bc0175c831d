using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Expressions;
using Polder.Expressions.Evaluation;

namespace Polder.Sql.Planning;

/// <summary>Rows written in a statement, as a batch.</summary>
internal static class ValuesBatch
{
    private static readonly RecordBatch OneRow = new(new Schema([], null), [], 1);

    /// <summary>A struct of the columns.</summary>
    public static DataType SchemaOf(LogicalValues values) => DataType.Struct(
        [.. values.Output.Select(column => new StructField(column.Name, column.Type, column.Nullable))]);

    /// <summary>Evaluates every value and gathers them into columns.</summary>
    public static RecordBatch Create(LogicalValues values)
    {
        List<IArrowArray> columns = [];
        for (int columnIndex = 0; columnIndex < values.Output.Count; columnIndex++)
        {
            DataType type = values.Output[columnIndex].Type;
            columns.Add(values.Rows.Count == 0
                ? Constants.Repeat(null, type, 0)
                : Concat.Arrays([.. values.Rows.Select(row => Evaluate(row[columnIndex]))]));
        }

        return new RecordBatch(ArrowTypes.ToSchema(SchemaOf(values)), columns, values.Rows.Count);
    }

    /// <summary>The value of an expression that refers to no column, as an array of one.</summary>
    public static IArrowArray Evaluate(Expression expression) => expression is Literal literal
        ? Constants.Repeat(literal.Value, literal.Type, 1)
        : Evaluator.Create(expression).Evaluate(OneRow);
}
