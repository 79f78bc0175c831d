using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Rows;
using Polder.Parquet;
using Polder.Parquet.Footer;
using Polder.Parquet.Write;
using Polder.Storage;
using Polder.Storage.Local;

namespace Polder.Files;

/// <summary>
/// Writes one Parquet file to a store, batch by batch. The file becomes visible when it is completed; disposing the
/// writer without that leaves nothing behind. One call at a time.
/// </summary>
public sealed class ParquetFileWriter : IAsyncDisposable
{
    // Below this many values a batch is encoded where it arrives: handing it out would cost more than it saves.
    private const long SmallestSharedBatch = 16_384;

    private readonly Engine _engine;
    private readonly DataType _schema;
    private readonly StorePath _path;
    private readonly FileEncoder _encoder;
    private readonly ObjectWriter _target;
    private readonly EncodeContextPool _contexts;
    private readonly int _workerCount;
    private bool _isBroken;
    private bool _isCompleted;

    private ParquetFileWriter(
        Engine engine, StorePath path, DataType schema, FileEncoder encoder, ObjectWriter target)
    {
        _engine = engine;
        _path = path;
        _schema = schema;
        _encoder = encoder;
        _target = target;
        _contexts = engine.Shared<EncodeContextPool>();
        _workerCount = int.Min(engine.Parallelism, encoder.LeafCount);
    }

    /// <summary>Rows written so far.</summary>
    public long RowCount => _encoder.RowCount;

    /// <summary>Bytes written so far, and those encoded for the open row group: about the size of the file.</summary>
    public long SizeBytes => _target.Position + _encoder.BufferedBytes;

    /// <summary>Bytes of memory held for the open row group.</summary>
    public long BufferedBytes => _encoder.BufferedBytes;

    /// <summary>Opens a file for writing.</summary>
    /// <param name="engine">Runs the encoding.</param>
    /// <param name="store">Where the file goes.</param>
    /// <param name="path">Its path; an object that is there is replaced.</param>
    /// <param name="schema">A struct: the columns of every batch; field ids come from its metadata.</param>
    /// <param name="options">How to write.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="UnsupportedFeatureException">A type no file can hold, or a codec not written.</exception>
    public static async ValueTask<ParquetFileWriter> CreateAsync(
        Engine engine,
        IObjectStore store,
        StorePath path,
        DataType schema,
        ParquetWriteOptions options,
        CancellationToken cancellationToken = default)
    {
        FileEncoder encoder = new(schema, options, engine.Allocator);
        try
        {
            ObjectWriter target = await store.OpenWriteAsync(path, cancellationToken).ConfigureAwait(false);
            ParquetFileWriter writer = new(engine, path, schema, encoder, target);
            try
            {
                byte[] magic = FooterEncoder.Magic.ToArray();
                await target.WriteAsync(magic, cancellationToken).ConfigureAwait(false);
                return writer;
            }
            catch
            {
                await writer.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>Opens a local file for writing; one that is there is replaced when it is completed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="schema">A struct: the columns of every batch.</param>
    /// <param name="options">How to write; null = <see cref="ParquetWriteOptions.Default"/>.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="UnsupportedFeatureException">A type no file can hold, or a codec not written.</exception>
    public static ValueTask<ParquetFileWriter> CreateAsync(
        string path,
        DataType schema,
        ParquetWriteOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        (LocalStore store, StorePath name) = ParquetFile.Locate(path);
        return CreateAsync(
            Engine.Default, store, name, schema, options ?? ParquetWriteOptions.Default, cancellationToken);
    }

    /// <inheritdoc cref="CreateAsync(string, DataType, ParquetWriteOptions, CancellationToken)"/>
    /// <typeparam name="T">The row type, whose members are the columns.</typeparam>
    public static ValueTask<ParquetFileWriter> CreateAsync<T>(
        string path, ParquetWriteOptions? options = null, CancellationToken cancellationToken = default)
        where T : IPolderRow<T> => CreateAsync(path, T.Shape.Type, options, cancellationToken);

    /// <summary>Appends rows.</summary>
    /// <exception cref="ArgumentException">The rows do not fit the schema, or one has a null too many.</exception>
    public async ValueTask WriteAsync<T>(IEnumerable<T> rows, CancellationToken cancellationToken = default)
        where T : IPolderRow<T>
    {
        foreach (RecordBatch batch in rows.ToBatches())
        {
            await WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Appends rows as they come.</summary>
    /// <exception cref="ArgumentException">The rows do not fit the schema, or one has a null too many.</exception>
    public async ValueTask WriteAsync<T>(IAsyncEnumerable<T> rows, CancellationToken cancellationToken = default)
        where T : IPolderRow<T>
    {
        ArgumentNullException.ThrowIfNull(rows);
        List<T> held = new(RowBatches.DefaultBatchRows);
        await foreach (T row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            held.Add(row);
            if (held.Count == RowBatches.DefaultBatchRows)
            {
                await WriteAsync((IEnumerable<T>)held, cancellationToken).ConfigureAwait(false);
                held.Clear();
            }
        }

        await WriteAsync((IEnumerable<T>)held, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Appends the rows of another file.</summary>
    public ValueTask WriteAsync<T>(FileScan<T> rows, CancellationToken cancellationToken = default)
        where T : IPolderRow<T>
    {
        ArgumentNullException.ThrowIfNull(rows);
        return WriteAsync(rows.AsAsyncEnumerable(), cancellationToken);
    }

    /// <summary>Appends a batch. Nothing of it is kept once the task has completed.</summary>
    /// <exception cref="ArgumentException">The batch does not fit the schema, or has a null too many.</exception>
    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        CheckUsable();
        batch = ToCanonical(batch);
        _encoder.Check(batch);
        _isBroken = true;
        for (int start = 0; start < batch.Length;)
        {
            int rowCount = int.Min(_encoder.RowsLeft, batch.Length - start);
            RecordBatch part = rowCount == batch.Length ? batch : batch.Slice(start, rowCount);
            long cellCount = (long)rowCount * _encoder.LeafCount;
            await ForEachLeafAsync(
                (leafIndex, context) => _encoder.AppendLeaf(leafIndex, part, context),
                cellCount >= SmallestSharedBatch,
                cancellationToken).ConfigureAwait(false);
            _encoder.CountRows(rowCount);
            start += rowCount;
            if (_encoder.IsRowGroupFull)
            {
                await FlushRowGroupAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        _isBroken = false;
    }

    /// <summary>Writes what is left and makes the file visible.</summary>
    public async ValueTask<WrittenFile> CompleteAsync(CancellationToken cancellationToken = default)
    {
        CheckUsable();
        _isBroken = true;
        if (_encoder.RowsInGroup > 0)
        {
            await FlushRowGroupAsync(cancellationToken).ConfigureAwait(false);
        }

        using (BufferBuilder end = new(0, _engine.Allocator))
        {
            _encoder.EncodeEnd(end);
            await _target.WriteAsync(end.WrittenMemory, cancellationToken).ConfigureAwait(false);
        }

        long sizeBytes = _target.Position;
        await _target.CompleteAsync(cancellationToken).ConfigureAwait(false);
        _isCompleted = true;
        return new WrittenFile
        {
            Path = _path,
            SizeBytes = sizeBytes,
            RowCount = _encoder.RowCount,
            ColumnStatistics = _encoder.DescribeColumns(),
        };
    }

    /// <summary>Drops the file unless it was completed.</summary>
    public async ValueTask DisposeAsync()
    {
        _isBroken = true;
        _encoder.Dispose();
        await _target.DisposeAsync().ConfigureAwait(false);
    }

    private void CheckUsable()
    {
        if (_isBroken || _isCompleted)
        {
            throw new InvalidOperationException($"{_path} is completed, disposed, or failed before");
        }
    }

    private RecordBatch ToCanonical(RecordBatch batch)
    {
        if (InputCheck.IsHeldAs(batch, _schema))
        {
            return batch;
        }

        IArrowArray[] columns = [.. batch.Arrays.Select(ArrowConvert.ToCanonical)];
        return new RecordBatch(batch.Schema, columns, batch.Length);
    }

    private async ValueTask FlushRowGroupAsync(CancellationToken cancellationToken)
    {
        await ForEachLeafAsync(_encoder.FinishLeaf, true, cancellationToken).ConfigureAwait(false);
        using EncodedRowGroup rowGroup = _encoder.TakeRowGroup();
        foreach (ReadOnlyMemory<byte> part in rowGroup.Parts())
        {
            await _target.WriteAsync(part, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a job for every leaf, each worker taking the next leaf that nobody has.</summary>
    private async ValueTask ForEachLeafAsync(
        Action<int, EncodeContext> job, bool isShared, CancellationToken cancellationToken)
    {
        int next = -1;
        bool Work()
        {
            EncodeContext context = _contexts.Rent(_engine);
            try
            {
                int leafIndex;
                while ((leafIndex = Interlocked.Increment(ref next)) < _encoder.LeafCount)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    job(leafIndex, context);
                }
            }
            finally
            {
                _contexts.Return(context, _engine);
            }

            return true;
        }

        if (!isShared || _workerCount == 1)
        {
            Work();
            return;
        }

        List<Task<bool>> workers = [];
        for (int workerIndex = 0; workerIndex < _workerCount; workerIndex++)
        {
            workers.Add(_engine.RunAsync(Work, CancellationToken.None));
        }

        await Task.WhenAll(workers).ConfigureAwait(false);
    }
}
