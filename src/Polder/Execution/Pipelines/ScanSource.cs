using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;

namespace Polder.Execution.Pipelines;

/// <summary>The morsels of a source outside.</summary>
internal sealed class ScanSource(IBatchSource source) : PipelineSource
{
    public override ValueTask<IReadOnlyList<Morsel>> OpenAsync(QueryContext context) =>
        source.OpenAsync(context.CancellationToken);
}

/// <summary>One batch as the only morsel.</summary>
internal sealed class ValuesSource(RecordBatch batch) : PipelineSource
{
    public override ValueTask<IReadOnlyList<Morsel>> OpenAsync(QueryContext context) =>
        ValueTask.FromResult<IReadOnlyList<Morsel>>([new OneBatch(batch)]);

    private sealed class OneBatch(RecordBatch batch) : Morsel
    {
        public override async IAsyncEnumerable<RecordBatch> ReadAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask.ConfigureAwait(false);
            yield return batch;
        }
    }
}
