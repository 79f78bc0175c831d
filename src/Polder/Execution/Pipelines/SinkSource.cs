using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Execution.Pipelines;

/// <summary>What a sink holds once a pipeline has run into it: rows that are built where they are read.</summary>
/// <param name="pipeline">Runs first.</param>
/// <param name="sink">Collects.</param>
/// <param name="output">The columns of the rows.</param>
/// <param name="rowCount">Rows there are once the sink is complete.</param>
/// <param name="build">The rows from a first one, that many; callable from many threads at once.</param>
internal sealed class SinkSource(
    Pipeline pipeline, Sink sink, DataType output, Func<int> rowCount, Func<int, int, RecordBatch> build)
    : PipelineSource
{
    private const int MorselRows = 16 * Chunk.MaxRows;

    private readonly int _batchRows = Chunk.RowsFor(output);

    public override async ValueTask<IReadOnlyList<Morsel>> OpenAsync(QueryContext context)
    {
        await sink.RunAsync(pipeline, context).ConfigureAwait(false);
        List<Morsel> morsels = [];
        for (int start = 0; start < rowCount(); start += MorselRows)
        {
            morsels.Add(new BuiltMorsel(start, int.Min(MorselRows, rowCount() - start), _batchRows, build));
        }

        return morsels;
    }

    private sealed class BuiltMorsel(int start, int rowCount, int batchRows, Func<int, int, RecordBatch> build)
        : Morsel
    {
        public override async IAsyncEnumerable<RecordBatch> ReadAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask.ConfigureAwait(false);
            for (int offset = 0; offset < rowCount; offset += batchRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return build(start + offset, int.Min(batchRows, rowCount - offset));
            }
        }
    }
}
