using System.Collections.Generic;
using Apache.Arrow;
using Polder.Columns.Kernels;

namespace Polder.Execution.Pipelines;

/// <summary>Puts small batches together, in order, so that what follows has fewer and fuller ones.</summary>
/// <param name="output">Receives the batches.</param>
/// <param name="smallRows">Batches with fewer rows wait for others.</param>
internal sealed class BatchMerger(List<RecordBatch> output, int smallRows)
{
    private readonly List<RecordBatch> _waiting = [];
    private int _waitingRows;

    public void Add(RecordBatch batch)
    {
        if (batch.Length >= smallRows || _waitingRows + batch.Length > Chunk.MaxRows)
        {
            Flush();
        }

        if (batch.Length >= smallRows)
        {
            output.Add(batch);
            return;
        }

        _waiting.Add(batch);
        _waitingRows += batch.Length;
    }

    /// <summary>Passes on what waits.</summary>
    public void Flush()
    {
        if (_waiting.Count > 0)
        {
            output.Add(_waiting.Count == 1 ? _waiting[0] : Concat.Batches(_waiting));
            _waiting.Clear();
            _waitingRows = 0;
        }
    }
}
