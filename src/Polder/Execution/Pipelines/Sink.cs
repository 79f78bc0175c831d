using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Polder.Execution.Pipelines;

/// <summary>The end of a pipeline that needs all rows: it collects every morsel on its own, then in order.</summary>
internal abstract class Sink
{
    /// <summary>A collector for one morsel.</summary>
    public abstract SinkPart CreatePart();

    /// <summary>Takes over what was collected. Called once per morsel, in the order of numbers.</summary>
    public abstract void Combine(SinkPart part);

    /// <summary>Called after the last part.</summary>
    public virtual void Complete()
    {
    }

    /// <summary>
    /// Runs a pipeline into this sink. Morsels are worked off at once, combined in order; so the result is the same
    /// however many run at a time.
    /// </summary>
    public async Task RunAsync(Pipeline pipeline, QueryContext context)
    {
        IReadOnlyList<MorselWork> work = await pipeline.OpenAsync(context).ConfigureAwait(false);
        using CancellationTokenSource stop =
            CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        Queue<Task<SinkPart>> running = [];
        int next = 0;
        try
        {
            while (next < work.Count || running.Count > 0)
            {
                // One more than run at once, so that nobody idles while the first is combined.
                while (next < work.Count && running.Count <= context.Engine.Parallelism)
                {
                    MorselWork morsel = work[next++];
                    running.Enqueue(context.Engine.RunAsync(() => CollectAsync(morsel, stop.Token), stop.Token));
                }

                SinkPart part = await running.Dequeue().ConfigureAwait(false);
                await context.Engine.RunAsync(() => Run(() => Combine(part)), stop.Token).ConfigureAwait(false);
            }

            await context.Engine.RunAsync(() => Run(Complete), stop.Token).ConfigureAwait(false);
        }
        finally
        {
            stop.Cancel();
            foreach (Task<SinkPart> task in running)
            {
                await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static bool Run(Action job)
    {
        job();
        return true;
    }

    private async Task<SinkPart> CollectAsync(MorselWork work, CancellationToken cancellationToken)
    {
        SinkPart part = CreatePart();
        MorselReader reader = new(work, cancellationToken);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.NextAsync().ConfigureAwait(false) is { } chunk)
            {
                part.Push(chunk);
            }
        }

        part.Complete();
        return part;
    }
}

/// <summary>What a sink collects from one morsel.</summary>
internal abstract class SinkPart
{
    /// <summary>Takes a chunk with at least one row.</summary>
    public abstract void Push(Chunk chunk);

    /// <summary>Called after the last chunk, still on the morsel's worker.</summary>
    public virtual void Complete()
    {
    }
}
