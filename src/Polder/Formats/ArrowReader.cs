using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>
/// Reads Arrow IPC. A file is a magic number and then a stream; its footer at the end is not needed, so that a file
/// can come through a pipe.
/// </summary>
internal sealed class ArrowReader : FormatReader
{
    private readonly ArrowStreamReader _stream;
    private readonly FormatReadOptions _options;

    private ArrowReader(ArrowStreamReader stream, DataType schema, FormatReadOptions options)
        : base(schema)
    {
        _stream = stream;
        _options = options;
    }

    public static async ValueTask<ArrowReader> OpenAsync(
        Stream stream, FormatReadOptions options, CancellationToken cancellationToken)
    {
        byte[] first = new byte[8];
        int read = await stream.ReadAtLeastAsync(first, first.Length, false, cancellationToken).ConfigureAwait(false);
        bool isFile = first.AsSpan().StartsWith("ARROW1"u8);
        Stream body = isFile ? stream : new PrefixedStream(first.AsMemory(0, read), stream);
        try
        {
            ArrowStreamReader reader = new(
                body, new ManagedAllocator(), new ArrowCompression(), leaveOpen: false);
            Schema schema = await reader.GetSchema(cancellationToken).ConfigureAwait(false) ??
                throw new CorruptFileException("the input is empty: it has no Arrow schema", options.Path);
            return new ArrowReader(reader, ArrowTypes.FromSchema(schema), options);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw Damaged(exception, options.Path);
        }
    }

    public override async IAsyncEnumerable<RecordBatch> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await ReadBatchAsync(cancellationToken).ConfigureAwait(false) is RecordBatch batch)
        {
            for (int rest = batch.Length; rest > 0;)
            {
                int rowCount = int.Min(_options.BatchRows, rest);
                yield return rowCount == batch.Length ? batch : batch.Slice(batch.Length - rest, rowCount);
                rest -= rowCount;
            }
        }
    }

    public override ValueTask DisposeAsync()
    {
        _stream.Dispose();
        return default;
    }

    private async ValueTask<RecordBatch?> ReadBatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            RecordBatch? batch = await _stream.ReadNextRecordBatchAsync(cancellationToken).ConfigureAwait(false);
            if (batch is null)
            {
                return null;
            }

            RecordBatch canonical = ArrowConvert.ToCanonical(batch);
            Check(canonical);
            return canonical;
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw Damaged(exception, _options.Path);
        }
    }

    private void Check(RecordBatch batch)
    {
        if (batch.ColumnCount != Schema.Fields.Count)
        {
            throw new CorruptFileException("a batch has more columns than the schema, or fewer", _options.Path);
        }

        foreach (IArrowArray column in batch.Arrays)
        {
            ArrayValidation.Check(column);
            if (column.Length != batch.Length)
            {
                throw new CorruptFileException("a column has more rows than its batch, or fewer", _options.Path);
            }
        }
    }

    // The library checks little: damage shows as whatever its parsing runs into.
    private static bool IsDamage(Exception exception) => exception is not (
        IOException and not EndOfStreamException) and not OperationCanceledException and not CorruptFileException and
        not UnsupportedFeatureException and not OutOfMemoryException;

    private static CorruptFileException Damaged(Exception exception, string? path) =>
        new($"not Arrow IPC, or damaged: {exception.Message}", path, innerException: exception);
}
