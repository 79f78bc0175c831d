using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Delta.Actions;
using Polder.Delta.Log;
using Polder.Delta.Protocol;
using Polder.Delta.Snapshots;

namespace Polder.Delta.Changes;

/// <summary>
/// The change feed of a range of versions as a snapshot of its own, that a scan reads like any other: its files are
/// those that hold changes, in the order of the versions, and what the protocol asks to add to each row (type of
/// change, version, time) are partition values.
/// </summary>
internal sealed class ChangeFeed(DeltaTable table, long start, long? to)
{
    private long _end;

    /// <summary>The feed of a range that was checked by nobody yet.</summary>
    /// <exception cref="Expressions.QueryException">By Delta's name: there is no such feed.</exception>
    /// <exception cref="CorruptLogException">A commit of the range is broken or gone.</exception>
    public async ValueTask<Snapshot> LoadAsync(CancellationToken cancellationToken)
    {
        Snapshot latest = await table.SnapshotAsync(cancellationToken).ConfigureAwait(false);
        if (start > latest.Version)
        {
            throw ChangeErrors.StartsAfterLatest(start, latest.Version);
        }

        _end = to ?? latest.Version;
        if (_end < start)
        {
            throw ChangeErrors.EndsBeforeStart(start, _end);
        }

        Snapshot first = await table.SnapshotAsync(start, cancellationToken).ConfigureAwait(false);
        Snapshot last = _end >= latest.Version
            ? latest
            : await table.SnapshotAsync(_end, cancellationToken).ConfigureAwait(false);

        // delta-spark: the columns are the latest ones, with column mapping those of the end of the range.
        bool isMapped = new[] { first, last, latest }.Any(snapshot => VersionSchema.Of(snapshot).IsMapped);
        Snapshot read = isMapped ? last : latest;
        RequireRecorded(first.State.Metadata, start);
        FileTable files = await ReadAsync(VersionSchema.Of(read), last.Version, cancellationToken)
            .ConfigureAwait(false);
        RequireCompatible(VersionSchema.Of(read), VersionSchema.Of(first), isSchemaChange: false);
        return Present(read, last.Version, files);
    }

    /// <summary>A snapshot whose files are those of a feed.</summary>
    public static Snapshot Present(Snapshot read, long version, FileTable files)
    {
        if (ChangeColumns.Fields.FirstOrDefault(field => read.Schema.IndexOf(field.Name) >= 0) is StructField taken)
        {
            throw ChangeErrors.OwnColumns(taken.Name);
        }

        TableMetadata metadata = read.State.Metadata with
        {
            SchemaString = SchemaJson.Format(DataType.Struct([.. read.Schema.Fields, .. ChangeColumns.Fields])),
            PartitionColumns =
                [.. read.PartitionColumns, .. ChangeColumns.Fields.Select(field => field.Name)],
        };
        return new Snapshot(
            read.Engine,
            read.Locator,
            version,
            read.Timestamp,
            read.State with { Metadata = metadata, Files = FileSet.Of(files) },
            read.CommitInfo);
    }

    private async ValueTask<FileTable> ReadAsync(
        VersionSchema read, long last, CancellationToken cancellationToken)
    {
        CommitTimes times = await CommitTimes.LoadAsync(table.Store, start, cancellationToken).ConfigureAwait(false);
        FileTable files = new();
        TableProtocol protocol = read.Protocol;
        IEnumerable<long> versions = Enumerable.Range(0, checked((int)(last - start + 1))).Select(step => start + step);
        await foreach (CommitFile commit in CommitStream
            .ReadAsync(table.Engine, table.Store, versions, cancellationToken).ConfigureAwait(false))
        {
            protocol = commit.Actions.OfType<TableProtocol>().LastOrDefault(protocol);
            foreach (TableMetadata metadata in commit.Actions.OfType<TableMetadata>())
            {
                RequireRecorded(metadata, commit.Version);
                if (commit.Version > start)
                {
                    DataType schema = SchemaJson.Parse(metadata.SchemaString);
                    RequireCompatible(
                        read, new VersionSchema(commit.Version, schema, metadata, protocol), isSchemaChange: true);
                }
            }

            long time = await times.FindAsync(commit.Version, cancellationToken).ConfigureAwait(false);
            new CommitChanges(commit, table.Store.Root, time).AppendTo(files);
        }

        return files;
    }

    private void RequireRecorded(TableMetadata metadata, long version)
    {
        if (!new TableProperties(metadata.Configuration).ChangeDataFeed)
        {
            throw ChangeErrors.NotRecorded(version, start, _end);
        }
    }

    private void RequireCompatible(VersionSchema read, VersionSchema other, bool isSchemaChange)
    {
        if (!SchemaRange.IsCompatible(read, other))
        {
            throw ChangeErrors.Incompatible(start, _end, read.Version, other.Version, isSchemaChange);
        }
    }
}
