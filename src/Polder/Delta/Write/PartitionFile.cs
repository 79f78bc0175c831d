using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns.Kernels;
using Polder.Files;

namespace Polder.Delta.Write;

/// <summary>
/// The rows of one partition on their way into a file. The file is opened when enough have come together, so that many
/// small partitions cost little more than their rows.
/// </summary>
internal sealed class PartitionFile(IReadOnlyList<string?> values, long rowGroupBytes) : IAsyncDisposable
{
    private readonly List<RecordBatch> _pending = [];
    private ParquetFileWriter? _writer;

    public IReadOnlyList<string?> Values { get; } = values;

    public bool IsOpen => _writer is not null;

    /// <summary>Bytes of rows that wait for the file.</summary>
    public long PendingBytes { get; private set; }

    /// <summary>About what it holds in memory: rows that wait, and what is encoded since the last row group.</summary>
    public long BufferedBytes => PendingBytes + (_writer is null ? 0 : _writer.SizeBytes % rowGroupBytes);

    /// <summary>About the size of the file so far.</summary>
    public long SizeBytes => _writer?.SizeBytes ?? 0;

    public void Add(RecordBatch batch)
    {
        _pending.Add(batch);
        PendingBytes += batch.Arrays.Sum(array => SizeOf(array.Data));
    }

    /// <summary>Writes the rows that wait.</summary>
    public async ValueTask FlushAsync(
        Func<PartitionFile, ValueTask<ParquetFileWriter>> open, CancellationToken cancellationToken)
    {
        _writer ??= await open(this).ConfigureAwait(false);
        if (_pending.Count > 0)
        {
            RecordBatch rows = _pending.Count == 1 ? _pending[0] : Concat.Batches(_pending);
            _pending.Clear();
            PendingBytes = 0;
            await _writer.WriteAsync(rows, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes the flushed file visible.</summary>
    public ValueTask<WrittenFile> CompleteAsync(CancellationToken cancellationToken) =>
        _writer!.CompleteAsync(cancellationToken);

    public ValueTask DisposeAsync() => _writer?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static long SizeOf(ArrayData data)
    {
        long size = 0;
        foreach (ArrowBuffer buffer in data.Buffers)
        {
            size += buffer.Length;
        }

        foreach (ArrayData child in data.Children ?? [])
        {
            size += SizeOf(child);
        }

        return size;
    }
}
