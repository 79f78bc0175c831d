using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns.Kernels.Sorting;
using Polder.Execution.Pipelines;
using Polder.Expressions.Evaluation;

namespace Polder.Execution.Sorting;

/// <summary>Evaluates and encodes the keys of an order. Threads may share it.</summary>
internal sealed class SortPlan(IReadOnlyList<SortKey> keys, QueryContext context)
{
    private readonly Evaluator[] _evaluators = context.Prepare(keys.Select(key => key.Expression));
    private readonly SortKeyEncoder _encoder =
        new([.. keys.Select(key => new SortColumn(key.Expression.Type, key.Descending, key.NullsFirst))]);

    /// <summary>Rows with their keys.</summary>
    public SortRun Encode(Chunk chunk) => new(
        chunk.ToBatch(), _encoder.Encode(chunk.Evaluate(_evaluators), chunk.RowCount));
}

/// <summary>Rows with their keys.</summary>
internal sealed record SortRun(RecordBatch Batch, SortKeys Keys)
{
    public long SizeBytes { get; } = ArraySize.Of(Batch) + Keys.SizeBytes;
}
