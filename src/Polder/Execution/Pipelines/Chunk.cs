using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Expressions.Evaluation;

namespace Polder.Execution.Pipelines;

/// <summary>A batch on its way through a pipeline, and which of its rows still count.</summary>
internal sealed class Chunk(RecordBatch batch, Selection rows)
{
    /// <summary>Rows of a batch at most; larger ones are cut where they enter.</summary>
    public const int MaxRows = 8192;

    /// <summary>
    /// Rows of a batch of some columns: half as many where one takes 16 bytes a value, so that no buffer is larger
    /// than 64 KiB and lands in the heap of large objects, which is ten times as slow to allocate from.
    /// </summary>
    public static int RowsFor(DataType columns) =>
        columns.Fields.Any(field => field.Type.Kind is TypeKind.Decimal or TypeKind.CalendarInterval)
            ? MaxRows / 2
            : MaxRows;

    public Chunk(RecordBatch batch)
        : this(batch, Selection.All(batch.Length))
    {
    }

    public RecordBatch Batch { get; } = batch;

    public Selection Rows { get; } = rows;

    /// <summary>How many rows count.</summary>
    public int RowCount => Rows.Count;

    /// <summary>Whether all rows of the batch count.</summary>
    public bool IsWhole => Rows.IsAll && Rows.Count == Batch.Length;

    /// <summary>A value for each row that counts.</summary>
    public IArrowArray Evaluate(Evaluator evaluator) => IsWhole
        ? evaluator.Evaluate(Batch)
        : evaluator.Evaluate(Batch, Rows);

    /// <summary>Columns of values for the rows that count.</summary>
    public IArrowArray[] Evaluate(Evaluator[] evaluators) => Evaluator.EvaluateAll(evaluators, Batch, Rows);

    /// <summary>The rows that count as a batch of their own.</summary>
    public RecordBatch ToBatch() => IsWhole ? Batch : Take.Rows(Batch, Rows);

    /// <summary>The first rows that count.</summary>
    public Chunk First(int rowCount) => rowCount == RowCount
        ? this
        : new Chunk(Batch, Selection.From(Rows.Rows[..rowCount].ToArray(), rowCount, Batch.Length));

    /// <summary>The rows that count of one column.</summary>
    public IArrowArray Column(int index) => IsWhole ? Batch.Column(index) : Take.Rows(Batch.Column(index), Rows);
}
