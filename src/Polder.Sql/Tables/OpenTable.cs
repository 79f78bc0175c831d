using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Polder.Delta;
using Polder.Delta.Actions;
using Polder.Delta.Log;
using Polder.Storage;

namespace Polder.Sql.Tables;

/// <summary>
/// A table that a session opened and keeps: its next version costs one look at the log. Thread-safe; holds no more than
/// the newest snapshot that was seen.
/// </summary>
internal sealed class OpenTable(DeltaTable table)
{
    // After more commits than these they are not read again only to find that none of them changed data.
    private const int MostCommits = 64;

    private TableState? _last;

    /// <summary>The newest version.</summary>
    public async Task<TableState> LoadLatestAsync(CancellationToken cancellationToken)
    {
        TableState? known = Volatile.Read(ref _last);
        Snapshot latest = await table.SnapshotAsync(cancellationToken).ConfigureAwait(false);
        if (known is null || !ReferenceEquals(known.Snapshot, latest))
        {
            known = known is not null && known.Snapshot.Id == latest.Id && latest.Version > known.Snapshot.Version &&
                !await ChangesDataAsync(known.Snapshot, latest.Version, cancellationToken).ConfigureAwait(false)
                    ? known with { Snapshot = latest }
                    : TableState.Of(latest);
            Volatile.Write(ref _last, known);
        }

        return known;
    }

    /// <summary>The version at a point.</summary>
    public async Task<TableState> LoadAsync(TimePoint point, CancellationToken cancellationToken) => TableState.Of(
        point.Version is long version
            ? await table.SnapshotAsync(version, cancellationToken).ConfigureAwait(false)
            : await table.SnapshotAsync(point.Timestamp!.Value, cancellationToken).ConfigureAwait(false));

    private async ValueTask<bool> ChangesDataAsync(Snapshot from, long to, CancellationToken cancellationToken)
    {
        // A log that was put back and went on from there is another one, though versions and ids are the same.
        StoreObject? commit = to - from.Version > MostCommits ? null : await table.Store
            .HeadAsync(LogPath.ForCommit(from.Version), cancellationToken).ConfigureAwait(false);
        if (commit?.LastModified != from.FileTime)
        {
            return true;
        }

        for (long version = from.Version + 1; version <= to; version++)
        {
            CommitFile? next = await CommitFile
                .LoadAsync(table.Engine, table.Store, version, cancellationToken).ConfigureAwait(false);
            if (next is null || next.Actions.Any(ChangesData))
            {
                return true;
            }
        }

        return false;
    }

    private static bool ChangesData(DeltaAction action) => action switch
    {
        AddFile add => add.DataChange,
        RemoveFile remove => remove.DataChange,
        TableMetadata or TableProtocol => true,
        _ => false,
    };
}

/// <summary>A version of a table, and since when its rows are the same.</summary>
/// <param name="Snapshot">The version.</param>
/// <param name="DataVersion">
/// A version up to this one since which no commit changed rows or columns: the last such one as far as was looked.
/// </param>
/// <param name="DataTime">When the store wrote that version: a log that was replaced has another.</param>
internal sealed record TableState(Snapshot Snapshot, long DataVersion, long DataTime)
{
    /// <summary>A version of which nothing is known but itself.</summary>
    public static TableState Of(Snapshot snapshot) =>
        new(snapshot, snapshot.Version, snapshot.FileTime.UtcTicks);
}
