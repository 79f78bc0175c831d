using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns.Rows;

namespace Polder.Files;

/// <summary>The rows of batches, one by one. The next row of a batch is there without anything asynchronous.</summary>
/// <typeparam name="T">The row type.</typeparam>
internal sealed class RowSequence<T> : IAsyncEnumerable<T>
    where T : IPolderRow<T>
{
    private readonly IAsyncEnumerable<RecordBatch> _batches;

    public RowSequence(IAsyncEnumerable<RecordBatch> batches)
    {
        _batches = batches;
    }

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Rows(_batches.GetAsyncEnumerator(cancellationToken));

    /// <summary>Batches of rows that come one by one.</summary>
    public static async IAsyncEnumerable<RecordBatch> ToBatchesAsync(IAsyncEnumerable<T> rows)
    {
        RowBatchBuilder<T> builder = new(RowBatches.DefaultBatchRows);
        await foreach (T row in rows.ConfigureAwait(false))
        {
            builder.Append(row);
            if (builder.Length == RowBatches.DefaultBatchRows)
            {
                yield return builder.Build();
            }
        }

        if (builder.Length > 0)
        {
            yield return builder.Build();
        }
    }

    private sealed class Rows : IAsyncEnumerator<T>
    {
        private readonly IAsyncEnumerator<RecordBatch> _batches;
        private T[] _rows = [];
        private int _index = -1;

        public Rows(IAsyncEnumerator<RecordBatch> batches)
        {
            _batches = batches;
        }

        public T Current => _rows[_index];

        public ValueTask<bool> MoveNextAsync() =>
            ++_index < _rows.Length ? new ValueTask<bool>(true) : NextBatchAsync();

        public ValueTask DisposeAsync() => _batches.DisposeAsync();

        private async ValueTask<bool> NextBatchAsync()
        {
            _index = 0;
            do
            {
                if (!await _batches.MoveNextAsync().ConfigureAwait(false))
                {
                    _rows = [];
                    return false;
                }

                _rows = _batches.Current.ToRows<T>();
            }
            while (_rows.Length == 0);
            return true;
        }
    }
}
