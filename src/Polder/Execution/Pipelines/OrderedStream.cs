using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using Apache.Arrow;

namespace Polder.Execution.Pipelines;

/// <summary>
/// Runs a pipeline and yields its batches in the order of morsel numbers. Morsels run at once in steps: each stops
/// after some rows until they are wanted, so that a slow consumer holds little memory and an early end wastes little.
/// </summary>
internal static class OrderedStream
{
    public static async IAsyncEnumerable<RecordBatch> ReadAsync(
        Pipeline pipeline,
        QueryContext context,
        bool startsSlowly = false,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IReadOnlyList<MorselWork> work = await pipeline.OpenAsync(context).ConfigureAwait(false);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken, cancellationToken);
        Queue<MorselRun> running = [];
        int next = 0;

        // Where a limit may end it after the first morsel, the second is not started until it is wanted.
        int width = startsSlowly ? 1 : context.Engine.Parallelism;
        try
        {
            while (next < work.Count || running.Count > 0)
            {
                while (next < work.Count && running.Count < width)
                {
                    MorselRun run = new(work[next++], context.Engine, stop.Token);
                    run.Start();
                    running.Enqueue(run);
                }

                MorselRun first = running.Peek();
                MorselStep step = await first.Step.ConfigureAwait(false);
                if (step.IsLast)
                {
                    running.Dequeue();
                    await first.DisposeAsync().ConfigureAwait(false);
                    width = int.Min(2 * width, context.Engine.Parallelism);
                }
                else
                {
                    first.Start();
                }

                foreach (RecordBatch batch in step.Batches)
                {
                    stop.Token.ThrowIfCancellationRequested();
                    yield return batch;
                }
            }
        }
        finally
        {
            stop.Cancel();
            foreach (MorselRun run in running)
            {
                await run.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
