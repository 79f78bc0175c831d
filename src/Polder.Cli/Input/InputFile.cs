using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Cli.Parquet;
using Polder.Columns;
using Polder.Files;
using Polder.Formats;

namespace Polder.Cli.Input;

/// <summary>A file, or standard input, as a stream of batches of known columns.</summary>
internal sealed class InputFile : IAsyncDisposable
{
    /// <summary>What names standard input.</summary>
    public const string StandardInput = "-";

    private readonly ParquetFileReader? _parquet;
    private readonly FormatReader? _reader;
    private readonly Stream? _stream;
    private long _rowsRead;

    private InputFile(string name, ParquetFileReader parquet)
    {
        Name = name;
        _parquet = parquet;
        Schema = ArrowTypes.FromSchema(parquet.Schema);
    }

    private InputFile(string name, FormatReader reader, Stream stream)
    {
        Name = name;
        _reader = reader;
        _stream = stream;
        Schema = reader.Schema;
    }

    /// <summary>The path as it was given.</summary>
    public string Name { get; }

    /// <summary>The columns, a struct.</summary>
    public DataType Schema { get; }

    /// <summary>The share of the input that was read so far, 0 to 1; null where its end is not known.</summary>
    public double? Progress => _parquet is not null
        ? _rowsRead / (double)long.Max(1, _parquet.Footer.RowCount)
        : _stream is { CanSeek: true, Length: > 0 } ? _stream.Position / (double)_stream.Length : null;

    /// <summary>Opens an input.</summary>
    /// <param name="terminal">Whose standard input <c>-</c> is.</param>
    /// <param name="name">A path, or <c>-</c>.</param>
    /// <param name="formatName">The format; null = by extension.</param>
    /// <param name="schema">The columns of a text input; null = inferred.</param>
    /// <param name="unknown">What becomes of columns that the schema does not name.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    public static async Task<InputFile> OpenAsync(
        Terminal terminal,
        string name,
        string? formatName,
        DataType? schema,
        UnknownColumns unknown,
        CancellationToken cancellationToken)
    {
        bool isStandardInput = name == StandardInput;
        RowFormat format =
            (formatName is null ? RowFormats.FromPath(name) : RowFormats.FromName(formatName)) ??
            throw new UsageException(isStandardInput
                ? "standard input needs --input-format csv|tsv|json|ndjson|arrow"
                : $"the format of {name} cannot be told from its name: say --input-format " +
                    "csv|tsv|json|ndjson|arrow|parquet");
        if (format == RowFormat.Parquet)
        {
            return isStandardInput
                ? throw new UsageException("parquet cannot be read from standard input: its index is at the end")
                : new InputFile(name, await ParquetCommand
                    .OpenAsync(Engine.Default, name, cancellationToken).ConfigureAwait(false));
        }

        Stream stream = isStandardInput ? terminal.Input : OpenFile(name);
        try
        {
            FormatReader reader = await FormatReader.OpenAsync(
                stream,
                format,
                new FormatReadOptions
                {
                    Path = isStandardInput ? "standard input" : name, Schema = schema, UnknownColumns = unknown,
                },
                cancellationToken).ConfigureAwait(false);
            return new InputFile(name, reader, stream);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The rows, once.</summary>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IAsyncEnumerable<RecordBatch> batches = _parquet?.ReadAsync(new ParquetReadOptions(), cancellationToken) ??
            _reader!.ReadAsync(cancellationToken);
        await foreach (RecordBatch batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            _rowsRead += batch.Length;
            yield return batch;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_parquet is not null)
        {
            await _parquet.DisposeAsync().ConfigureAwait(false);
        }

        if (_stream is not null)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"{path} does not exist", path, error);
        }
    }
}
