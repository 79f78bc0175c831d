using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>Writes batches of rows to a stream. Nothing is complete before <see cref="CompleteAsync"/>.</summary>
public abstract class FormatWriter : IAsyncDisposable
{
    private protected FormatWriter(DataType schema)
    {
        Schema = schema;
    }

    /// <summary>The columns, a struct.</summary>
    public DataType Schema { get; }

    /// <summary>A writer; nothing is written yet.</summary>
    /// <param name="stream">The target, which stays open; it need not be seekable.</param>
    /// <param name="format">The format.</param>
    /// <param name="schema">The columns of every batch, a struct.</param>
    /// <param name="options">How to write; null = the defaults.</param>
    /// <exception cref="UnsupportedFeatureException">Parquet.</exception>
    public static FormatWriter Create(
        Stream stream, RowFormat format, DataType schema, FormatWriteOptions? options = null)
    {
        options ??= new FormatWriteOptions();
        return format switch
        {
            RowFormat.Csv => new CsvWriter(stream, schema, options.Delimiter ?? ',', options),
            RowFormat.Tsv => new CsvWriter(stream, schema, options.Delimiter ?? '\t', options),
            RowFormat.Json => new JsonWriter(stream, schema, isArray: true),
            RowFormat.Ndjson => new JsonWriter(stream, schema, isArray: false),
            RowFormat.Arrow => new ArrowWriter(stream, schema, options.ArrowLayout),
            _ => throw new UnsupportedFeatureException("Parquet as a stream", "write it with ParquetFileWriter"),
        };
    }

    /// <summary>Writes rows.</summary>
    /// <param name="batch">Columns of the schema, in canonical form.</param>
    /// <param name="cancellationToken">Cancels; what is written then stays incomplete.</param>
    public abstract ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default);

    /// <summary>Writes what belongs after the last row, and flushes.</summary>
    public abstract ValueTask CompleteAsync(CancellationToken cancellationToken = default);

    /// <summary>Gives up what the writer holds; the stream stays open.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    /// <summary>Writes what a buffer holds and empties it; its block is used again.</summary>
    private protected static async ValueTask FlushAsync(
        BufferBuilder buffer, Stream stream, CancellationToken cancellationToken)
    {
        BufferSlice slice = buffer.SplitTo(buffer.Length).Freeze();
        try
        {
            await stream.WriteAsync(slice.Memory, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            slice.Dispose();
        }

        buffer.Clear();
    }
}
