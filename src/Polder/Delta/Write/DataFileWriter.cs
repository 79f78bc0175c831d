using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Delta.Actions;
using Polder.Delta.Log;
using Polder.Delta.Protocol;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;

namespace Polder.Delta.Write;

/// <summary>
/// Writes rows into new data files of a table, one at a time per partition. Memory is bounded whatever the input: when
/// the partitions hold more than the budget together, or too many files are open, the largest is finished.
/// </summary>
internal sealed class DataFileWriter : IAsyncDisposable
{
    private const int MaximumOpenFiles = 64;
    private const long PartitionedRowGroupBytes = 32L << 20;
    private const long FlushBytes = 4L << 20;

    private readonly Engine _engine;
    private readonly IObjectStore _store;
    private readonly TableMetadata _metadata;
    private readonly WriteOptions _options;
    private readonly DataType _schema;
    private readonly PartitionSplitter _splitter;
    private readonly ParquetWriteOptions _parquet;
    private readonly Dictionary<string, PartitionFile> _partitions = [];
    private readonly List<AddFile> _finished = [];
    private readonly List<StorePath> _written = [];
    private long _rowCount;
    private int _fileCount;

    public DataFileWriter(
        Engine engine, IObjectStore store, TableMetadata metadata, DataType schema, WriteOptions options)
    {
        _engine = engine;
        _store = store;
        _metadata = metadata;
        _schema = schema;
        _options = options;
        _splitter = new PartitionSplitter(schema, metadata.PartitionColumns);
        _parquet = new ParquetWriteOptions
        {
            Codec = ChooseCodec(new TableProperties(metadata.Configuration)),
            RowGroupBytes = metadata.PartitionColumns.Count > 0
                ? long.Min(PartitionedRowGroupBytes, options.BufferBytes)
                : long.Min(ParquetWriteOptions.Default.RowGroupBytes, options.BufferBytes),
        };
    }

    /// <summary>Rows written so far.</summary>
    public long RowCount => _rowCount;

    /// <summary>Writes rows that have the table's columns.</summary>
    /// <exception cref="ConstraintViolationException">A NOT NULL column has a null.</exception>
    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Length == 0)
        {
            return;
        }

        NullCheck.Check(batch, _schema, _rowCount);
        _rowCount += batch.Length;
        foreach (PartitionRows part in _splitter.Split(batch))
        {
            string key = string.Join('/', part.Values.Select(Escape));
            if (!_partitions.TryGetValue(key, out PartitionFile? file))
            {
                file = new PartitionFile(part.Values, _parquet.RowGroupBytes);
                _partitions.Add(key, file);
            }

            file.Add(part.Batch);
            if (file.PendingBytes >= FlushBytes || _metadata.PartitionColumns.Count == 0)
            {
                await file.FlushAsync(OpenAsync, cancellationToken).ConfigureAwait(false);
            }

            if (file.SizeBytes >= _options.TargetFileBytes)
            {
                await FinishAsync(key, cancellationToken).ConfigureAwait(false);
            }
        }

        await KeepBudgetAsync(cancellationToken).ConfigureAwait(false);

        async ValueTask<ParquetFileWriter> OpenAsync(PartitionFile file) =>
            await OpenFileAsync(file, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finishes every file.</summary>
    public async ValueTask<IReadOnlyList<AddFile>> CompleteAsync(CancellationToken cancellationToken)
    {
        foreach (string key in _partitions.Keys.ToList())
        {
            await FinishAsync(key, cancellationToken).ConfigureAwait(false);
        }

        return _finished;
    }

    /// <summary>
    /// Deletes what was written. Only where it is certain that no commit refers to it; a store that fails now leaves
    /// files that no version has, for VACUUM to find.
    /// </summary>
    public async ValueTask DeleteWrittenAsync()
    {
        await DisposeAsync().ConfigureAwait(false);
        foreach (StorePath path in _written)
        {
            try
            {
                await _store.DeleteAsync(path).ConfigureAwait(false);
            }
            catch (StoreException)
            {
            }
        }
    }

    /// <summary>Drops the files that are not finished.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (PartitionFile file in _partitions.Values)
        {
            await file.DisposeAsync().ConfigureAwait(false);
        }

        _partitions.Clear();
    }

    private ValueTask<ParquetFileWriter> OpenFileAsync(PartitionFile file, CancellationToken cancellationToken)
    {
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"part-{_fileCount++:D5}-{_engine.NextId():D}.{CodecName(_parquet.Codec)}parquet");
        StorePath path = new(HivePath.Format(_metadata.PartitionColumns, file.Values) + name);
        return ParquetFileWriter.CreateAsync(
            _engine, _store, path, _splitter.DataSchema, _parquet, cancellationToken);
    }

    private async ValueTask FinishAsync(string key, CancellationToken cancellationToken)
    {
        PartitionFile file = _partitions[key];
        await file.FlushAsync(open => OpenFileAsync(open, cancellationToken), cancellationToken).ConfigureAwait(false);
        WrittenFile written = await file.CompleteAsync(cancellationToken).ConfigureAwait(false);
        _partitions.Remove(key);
        await file.DisposeAsync().ConfigureAwait(false);
        _written.Add(written.Path);
        Dictionary<string, string?> values = [];
        for (int index = 0; index < file.Values.Count; index++)
        {
            values[_metadata.PartitionColumns[index]] = file.Values[index];
        }

        _finished.Add(new AddFile
        {
            Path = FilePath.Encode(written.Path.Value),
            PartitionValues = values,
            SizeBytes = written.SizeBytes,
            ModificationTime = _engine.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            DataChange = true,
            Stats = StatisticsJson.Format(
                written.RowCount, written.ColumnStatistics, new TableProperties(_metadata.Configuration)),
        });
    }

    private async ValueTask KeepBudgetAsync(CancellationToken cancellationToken)
    {
        while (_partitions.Count > 1 &&
            (_partitions.Values.Count(file => file.IsOpen) > MaximumOpenFiles ||
                _partitions.Values.Sum(file => file.BufferedBytes) > _options.BufferBytes))
        {
            bool tooManyOpen = _partitions.Values.Count(file => file.IsOpen) > MaximumOpenFiles;
            string largest = _partitions
                .Where(pair => !tooManyOpen || pair.Value.IsOpen)
                .MaxBy(pair => pair.Value.BufferedBytes).Key;
            await FinishAsync(largest, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Escape(string? value) => value is null ? "n" : "v" + Uri.EscapeDataString(value);

    private static CompressionCodec ChooseCodec(TableProperties properties) =>
        properties.CompressionCodec?.ToLowerInvariant() switch
        {
            null or "zstd" => CompressionCodec.Zstd,
            "snappy" => CompressionCodec.Snappy,
            "gzip" => CompressionCodec.Gzip,
            "lz4_raw" => CompressionCodec.Lz4Raw,
            "none" or "uncompressed" => CompressionCodec.Uncompressed,
            string other => throw new UnsupportedFeatureException(
                $"the compression codec {other}", "delta.parquet.compression.codec asks for it"),
        };

    private static string CodecName(CompressionCodec codec) => codec switch
    {
        CompressionCodec.Zstd => "zstd.",
        CompressionCodec.Snappy => "snappy.",
        CompressionCodec.Gzip => "gz.",
        CompressionCodec.Lz4Raw => "lz4raw.",
        _ => "",
    };
}
