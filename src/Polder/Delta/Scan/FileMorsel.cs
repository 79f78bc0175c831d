using System.Collections.Generic;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Delta.Snapshots;
using Polder.Execution;
using Polder.Files;
using Polder.Storage;

namespace Polder.Delta.Scan;

/// <summary>One data file of a scan, or some of its row groups.</summary>
internal sealed class FileMorsel(ScanPlan plan, int file, IReadOnlyList<int>? rowGroups = null) : Morsel
{
    public override async IAsyncEnumerable<RecordBatch> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ParquetFileReader reader = await OpenAsync(plan, file, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            FileLayout layout = FileLayout.Create(plan, file, reader.Footer);
            RowMask? deleted = await DeletedRows
                .LoadAsync(plan.Snapshot, file, reader.Footer.RowCount, cancellationToken).ConfigureAwait(false);
            await foreach (RecordBatch batch in layout
                .ReadAsync(reader, rowGroups, deleted, cancellationToken).ConfigureAwait(false))
            {
                yield return plan.Projection.Apply(batch, layout.Type, Selection.All(batch.Length));
            }
        }
    }

    /// <summary>Opens the data file of a row of the snapshot.</summary>
    /// <exception cref="CorruptFileException">It is gone, or no Parquet file.</exception>
    public static async ValueTask<ParquetFileReader> OpenAsync(
        ScanPlan plan, int file, CancellationToken cancellationToken)
    {
        FileSet files = plan.Snapshot.State.Files;
        (IObjectStore store, StorePath path) = plan.Snapshot.Locator.Locate(files.GetPath(file));
        try
        {
            // Removes of old writers do not say how large their file is; the store knows.
            long? sizeBytes = files.GetSizeBytes(file) is long known and > 0 ? known : null;
            return await ParquetFileReader.OpenAsync(
                plan.Snapshot.Engine, store, path, sizeBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException exception) when (exception.Failure == StoreFailure.NotFound)
        {
            throw new CorruptFileException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"version {plan.Snapshot.Version} of the table has this data file, and it is gone (vacuumed?)"),
                $"{store.Root.TrimEnd('/')}/{path.Value}",
                innerException: exception);
        }
    }
}
