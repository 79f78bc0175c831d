using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Rows;

namespace Polder.Delta.Changes;

/// <summary>Batches of changes as changed rows of an own type.</summary>
internal static class ChangedRows<T>
    where T : IPolderRow<T>
{
    /// <summary>The rows of a change feed: the columns that members map, and what the feed adds.</summary>
    public static async IAsyncEnumerable<Change<T>> ReadAsync(
        TableScan feed, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string[] names = [.. feed.Schema.Fields.Select(field => field.Name)];
        TableScan chosen = feed.Select(
            [.. T.Shape.Choose(names), ChangeColumns.Type, ChangeColumns.Version, ChangeColumns.Timestamp]);
        await foreach (RecordBatch batch in chosen.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            T[] rows = batch.ToRows<T>();
            ChangeKind[] kinds = ReadKinds(batch.Column(ChangeColumns.Type));
            long[] versions = ColumnValues.Fixed<long>(batch.Column(ChangeColumns.Version)).ToArray();
            long[] times = ColumnValues.Fixed<long>(batch.Column(ChangeColumns.Timestamp)).ToArray();
            for (int row = 0; row < rows.Length; row++)
            {
                yield return new Change<T>(
                    kinds[row],
                    rows[row],
                    versions[row],
                    DateTimeOffset.UnixEpoch.AddTicks(times[row] * TimeSpan.TicksPerMicrosecond));
            }
        }
    }

    /// <summary>The rows in which two snapshots differ.</summary>
    public static async IAsyncEnumerable<Change<T>> ReadAsync(
        Snapshot from,
        Snapshot to,
        IReadOnlyList<string> key,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        RowBatches.Check<T>(to.Schema);
        DiffOptions options = new()
        {
            Key = key,
            Columns = T.Shape.Choose([.. to.Schema.Fields.Select(field => field.Name)]),
        };
        await foreach (RecordBatch batch in new SnapshotDiff(from, to, options)
            .ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            T[] rows = batch.ToRows<T>();
            ChangeKind[] kinds = ReadKinds(batch.Column(ChangeColumns.Type));
            for (int row = 0; row < rows.Length; row++)
            {
                Snapshot side = kinds[row] is ChangeKind.Delete or ChangeKind.UpdatePreimage ? from : to;
                yield return new Change<T>(kinds[row], rows[row], side.Version, side.Timestamp);
            }
        }
    }

    private static ChangeKind[] ReadKinds(IArrowArray column)
    {
        ReadOnlySpan<int> offsets = ColumnValues.Offsets(column);
        ReadOnlySpan<byte> bytes = ColumnValues.Bytes(column);
        ChangeKind[] kinds = new ChangeKind[column.Length];
        for (int row = 0; row < kinds.Length; row++)
        {
            kinds[row] = ChangeColumns.ParseType(bytes[offsets[row]..offsets[row + 1]]);
        }

        return kinds;
    }
}
