using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Files;
using Polder.Formats;
using Polder.Parquet;
using Polder.Storage;
using Polder.Storage.Local;

namespace Polder.Cli.Output;

/// <summary>Rows to the terminal, a pipe or a file, in the format that was asked for.</summary>
internal static class RowOutput
{
    /// <summary>Writes the rows; reading stops at the limit.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> WriteAsync(
        Terminal terminal,
        DataType schema,
        IAsyncEnumerable<RecordBatch> batches,
        RowSettings settings,
        CancellationToken cancellationToken)
    {
        IAsyncEnumerable<RecordBatch> limited = settings.Limit is long limit
            ? TakeAsync(batches, limit, cancellationToken)
            : batches;
        switch (settings.Format)
        {
            case "table":
                await WriteTableAsync(terminal, schema, limited, cancellationToken).ConfigureAwait(false);
                break;

            case "none":
                await CountAsync(terminal, limited, cancellationToken).ConfigureAwait(false);
                break;

            case "parquet":
                await WriteParquetAsync(schema, limited, settings.File!, cancellationToken).ConfigureAwait(false);
                break;

            default:
                await WriteTextAsync(terminal, schema, limited, settings, cancellationToken).ConfigureAwait(false);
                break;
        }

        return ExitCode.Done;
    }

    private static async Task WriteTableAsync(
        Terminal terminal,
        DataType schema,
        IAsyncEnumerable<RecordBatch> batches,
        CancellationToken cancellationToken)
    {
        RowTable table = new(terminal, schema);
        await foreach (RecordBatch batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            table.Add(batch);
        }

        await table.FinishAsync().ConfigureAwait(false);
    }

    private static async Task CountAsync(
        Terminal terminal, IAsyncEnumerable<RecordBatch> batches, CancellationToken cancellationToken)
    {
        long rowCount = 0;
        await foreach (RecordBatch batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            rowCount += batch.Length;
        }

        await terminal.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{rowCount:N0} rows"))
            .ConfigureAwait(false);
    }

    private static async Task WriteParquetAsync(
        DataType schema, IAsyncEnumerable<RecordBatch> batches, string file, CancellationToken cancellationToken)
    {
        string full = Path.GetFullPath(file);
        ParquetFileWriter writer = await ParquetFileWriter.CreateAsync(
            Engine.Default,
            new LocalStore(Path.GetDirectoryName(full) ?? full),
            new StorePath(Path.GetFileName(full)),
            schema,
            ParquetWriteOptions.Default,
            cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            await foreach (RecordBatch batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                await writer.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
            }

            await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task WriteTextAsync(
        Terminal terminal,
        DataType schema,
        IAsyncEnumerable<RecordBatch> batches,
        RowSettings settings,
        CancellationToken cancellationToken)
    {
        await terminal.Text.FlushAsync(cancellationToken).ConfigureAwait(false);
        Stream target = settings.File is null ? terminal.Output : File.Create(settings.File);
        try
        {
            FormatWriter writer = FormatWriter.Create(
                target, RowFormats.FromName(settings.Format)!.Value, schema);
            await using (writer.ConfigureAwait(false))
            {
                await foreach (RecordBatch batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
                {
                    await writer.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
                }

                await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
            }

            await target.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (settings.File is not null)
            {
                await target.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static async IAsyncEnumerable<RecordBatch> TakeAsync(
        IAsyncEnumerable<RecordBatch> batches,
        long limit,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (limit == 0)
        {
            yield break;
        }

        await foreach (RecordBatch batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (batch.Length >= limit)
            {
                int[] rows = [.. Enumerable.Range(0, (int)limit)];
                yield return Take.Rows(batch, rows);
                yield break;
            }

            limit -= batch.Length;
            yield return batch;
        }
    }
}
