using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;

namespace Polder.Execution.Pipelines;

/// <summary>
/// The rows of a pipeline after some, and at most so many, as one morsel that reads the pipeline in order and stops
/// it when it has them.
/// </summary>
internal sealed class LimitSource : PipelineSource
{
    private readonly Pipeline _pipeline;
    private readonly long? _count;
    private readonly long _offset;

    public LimitSource(Pipeline pipeline, long? count, long offset)
    {
        _pipeline = pipeline;
        _count = count;
        _offset = offset;
        if (count <= long.MaxValue - offset)
        {
            pipeline.Append(new MorselLimit(count.Value + offset));
        }
    }

    public override ValueTask<IReadOnlyList<Morsel>> OpenAsync(QueryContext context) =>
        ValueTask.FromResult<IReadOnlyList<Morsel>>(
            _count == 0 ? [] : [new LimitedMorsel(_pipeline, context, _count ?? long.MaxValue, _offset)]);

    private sealed class LimitedMorsel(Pipeline pipeline, QueryContext context, long count, long offset) : Morsel
    {
        public override async IAsyncEnumerable<RecordBatch> ReadAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            long toSkip = offset;
            long wanted = count;
            IAsyncEnumerable<RecordBatch> batches =
                OrderedStream.ReadAsync(pipeline, context, count < long.MaxValue, cancellationToken);
            await foreach (RecordBatch batch in batches.ConfigureAwait(false))
            {
                int start = (int)long.Min(toSkip, batch.Length);
                toSkip -= start;
                int rowCount = (int)long.Min(wanted, batch.Length - start);
                wanted -= rowCount;
                if (rowCount > 0)
                {
                    yield return rowCount == batch.Length ? batch : batch.Slice(start, rowCount);
                }

                if (wanted == 0)
                {
                    yield break;
                }
            }
        }
    }

    /// <summary>No morsel has to yield more rows than are wanted of all together.</summary>
    private sealed class MorselLimit(long rowCount) : OperatorFactory
    {
        public override Operator Create() => new Step(rowCount);

        private sealed class Step(long rest) : Operator
        {
            private long _rest = rest;
            private Chunk? _chunk;

            public override bool IsDone => _rest == 0 && _chunk is null;

            public override void Push(Chunk input)
            {
                int rowCount = (int)long.Min(_rest, input.RowCount);
                _rest -= rowCount;
                _chunk = input.First(rowCount);
            }

            public override Chunk? Pull()
            {
                Chunk? chunk = _chunk;
                _chunk = null;
                return chunk;
            }
        }
    }
}
