using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>Reads rows from a stream, which need not be seekable, in batches of bounded size.</summary>
public abstract class FormatReader : IAsyncDisposable
{
    private protected FormatReader(DataType schema)
    {
        Schema = schema;
    }

    /// <summary>The columns of every batch, a struct: given, inferred, or what an Arrow stream says.</summary>
    public DataType Schema { get; }

    /// <summary>
    /// Opens an input. A text format without a given schema is read up to the last row that its types are inferred
    /// from; these rows are kept and come first.
    /// </summary>
    /// <param name="stream">
    /// The input, read from where it stands; disposed with the reader, or at once where opening fails.
    /// </param>
    /// <param name="format">Its format.</param>
    /// <param name="options">How to read it; null = the defaults.</param>
    /// <param name="cancellationToken">Cancels the reading ahead.</param>
    /// <exception cref="InputFormatException">The first rows are not of the format, or do not fit.</exception>
    /// <exception cref="CorruptFileException">An Arrow stream is damaged.</exception>
    /// <exception cref="UnsupportedFeatureException">Parquet, or a type that the format cannot hold.</exception>
    public static async ValueTask<FormatReader> OpenAsync(
        Stream stream, RowFormat format, FormatReadOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        try
        {
            return await OpenFormatAsync(stream, format, options ?? new FormatReadOptions(), cancellationToken)
                .ConfigureAwait(false);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The rows, once: batches of at most <c>FormatReadOptions.BatchRows</c> rows, none empty.</summary>
    /// <exception cref="InputFormatException">A row does not fit the schema, or is not of the format.</exception>
    public abstract IAsyncEnumerable<RecordBatch> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Closes the input.</summary>
    public abstract ValueTask DisposeAsync();

    private static async ValueTask<FormatReader> OpenFormatAsync(
        Stream stream, RowFormat format, FormatReadOptions options, CancellationToken cancellationToken) =>
        format switch
        {
            RowFormat.Csv => await CsvReader.OpenAsync(stream, ',', options, cancellationToken).ConfigureAwait(false),
            RowFormat.Tsv => await CsvReader.OpenAsync(stream, '\t', options, cancellationToken).ConfigureAwait(false),
            RowFormat.Json or RowFormat.Ndjson =>
                await JsonReader.OpenAsync(stream, options, cancellationToken).ConfigureAwait(false),
            RowFormat.Arrow => await ArrowReader.OpenAsync(stream, options, cancellationToken).ConfigureAwait(false),
            _ => throw new UnsupportedFeatureException("Parquet as a stream", "read it with ParquetFileReader"),
        };
}
