using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;

namespace Polder.Execution.Pipelines;

/// <summary>What a step of a run yielded, and whether the morsel is at its end.</summary>
internal sealed record MorselStep(IReadOnlyList<RecordBatch> Batches, bool IsLast);

/// <summary>A morsel that is worked off in steps of some rows each.</summary>
internal sealed class MorselRun(MorselWork work, Engine engine, CancellationToken cancellationToken) : IAsyncDisposable
{
    /// <summary>Rows after which a step stops: a usual morsel takes one step.</summary>
    private const int StepRows = 128 * 1024;

    /// <summary>Smaller chunks are put together before they leave.</summary>
    private const int SmallRows = 1024;

    private MorselReader? _reader;

    /// <summary>The step started last.</summary>
    public Task<MorselStep> Step { get; private set; } = Task.FromResult(new MorselStep([], false));

    /// <summary>Starts the next step; the last one must have been awaited.</summary>
    public void Start() => Step = engine.RunAsync(RunStepAsync, cancellationToken);

    /// <summary>Waits for the step that runs, whatever becomes of it.</summary>
    public async ValueTask DisposeAsync()
    {
        await ((Task)Step).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_reader is not null)
        {
            await _reader.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<MorselStep> RunStepAsync()
    {
        _reader ??= new MorselReader(work, cancellationToken);
        List<RecordBatch> batches = [];
        BatchMerger merger = new(batches, SmallRows);
        int rowCount = 0;
        while (rowCount < StepRows)
        {
            Chunk? chunk = await _reader.NextAsync().ConfigureAwait(false);
            if (chunk is null)
            {
                merger.Flush();
                return new MorselStep(batches, true);
            }

            merger.Add(chunk.ToBatch());
            rowCount += chunk.RowCount;
        }

        merger.Flush();
        return new MorselStep(batches, false);
    }
}
