using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;

namespace Polder.Execution.Pipelines;

/// <summary>Reads a morsel and takes its batches through the steps.</summary>
internal sealed class MorselReader : IAsyncDisposable
{
    private readonly IAsyncEnumerator<RecordBatch> _batches;
    private readonly OperatorChain _chain;
    private readonly CancellationToken _cancellationToken;
    private RecordBatch? _large;
    private int _largeOffset;

    public MorselReader(MorselWork work, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        _chain = new OperatorChain(work.Steps);
        _batches = work.Morsel.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    /// <summary>The next chunk with rows; null at the end.</summary>
    public async ValueTask<Chunk?> NextAsync()
    {
        while (true)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            Chunk? chunk = _chain.Pull();
            if (chunk is not null)
            {
                return chunk;
            }

            if (_chain.IsDone)
            {
                return null;
            }

            RecordBatch? batch = NextSlice();
            if (batch is null)
            {
                if (!await _batches.MoveNextAsync().ConfigureAwait(false))
                {
                    return null;
                }

                _large = _batches.Current;
                _largeOffset = 0;
                batch = NextSlice();
            }

            if (batch is not null)
            {
                _chain.Push(batch);
            }
        }
    }

    public ValueTask DisposeAsync() => _batches.DisposeAsync();

    private RecordBatch? NextSlice()
    {
        if (_large is null)
        {
            return null;
        }

        int rest = _large.Length - _largeOffset;
        if (_largeOffset == 0 && rest <= Chunk.MaxRows)
        {
            RecordBatch whole = _large;
            _large = null;
            return whole;
        }

        int count = int.Min(rest, Chunk.MaxRows);
        RecordBatch slice = _large.Slice(_largeOffset, count);
        _largeOffset += count;
        _large = count == rest ? null : _large;
        return slice;
    }
}
