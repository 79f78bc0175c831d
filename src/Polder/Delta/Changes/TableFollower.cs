using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Polder.Delta.Actions;
using Polder.Delta.Log;
using Polder.Delta.Snapshots;
using Polder.Expressions;

namespace Polder.Delta.Changes;

/// <summary>Hands out the changes of each version as it is committed, one version after the other.</summary>
internal sealed class TableFollower(DeltaTable table, FollowOptions options)
{
    public async IAsyncEnumerable<ChangeSet> RunAsync(
        FollowToken from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Snapshot latest = await table.SnapshotAsync(cancellationToken).ConfigureAwait(false);
        if (from.TableId.Length > 0 && from.TableId != latest.Id)
        {
            throw OtherTable(from.TableId, latest.Id);
        }

        if (from.IsSnapshot)
        {
            Snapshot whole = from.Version < 0 || from.Version == latest.Version
                ? latest
                : await table.SnapshotAsync(from.Version, cancellationToken).ConfigureAwait(false);
            foreach (ChangeSet step in Cut(whole, AsInserts(whole), from.FileIndex, isSnapshot: true))
            {
                yield return step;
            }

            from = FollowToken.At(latest.Id, whole.Version + 1, 0, isSnapshot: false);
        }

        // Columns and protocol of the version before the next; where that is not there yet, of the latest.
        long version = long.Min(from.Version, latest.Version + 1);
        Snapshot read = version > latest.Version
            ? latest
            : await table.SnapshotAsync(version, cancellationToken).ConfigureAwait(false);
        CommitTimes times = await CommitTimes.LoadAsync(table.Store, version, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            CommitFile? commit = await CommitFile
                .LoadAsync(table.Engine, table.Store, version, cancellationToken).ConfigureAwait(false);
            if (commit is null)
            {
                if (await IsOverAsync(version, read.Id, cancellationToken).ConfigureAwait(false))
                {
                    yield break;
                }

                continue;
            }

            long time = await times.FindAsync(version, cancellationToken).ConfigureAwait(false);
            read = Advance(read, commit, time);
            int index = version == from.Version ? from.FileIndex : 0;
            FileTable files = version < from.Version ? new FileTable() : Collect(read, commit, time);
            foreach (ChangeSet step in Cut(read, files, index, isSnapshot: false))
            {
                yield return step;
            }

            version++;
        }
    }

    /// <summary>Waits, or says that there is nothing to wait for.</summary>
    private async ValueTask<bool> IsOverAsync(long version, string tableId, CancellationToken cancellationToken)
    {
        Snapshot latest = await table.SnapshotAsync(cancellationToken).ConfigureAwait(false);
        if (latest.Id != tableId)
        {
            throw OtherTable(tableId, latest.Id);
        }

        if (latest.Version >= version)
        {
            // It may have come between the two looks at the log.
            return await table.Store.HeadAsync(LogPath.ForCommit(version), cancellationToken).ConfigureAwait(false)
                is null ? throw new VersionNotFoundException(FormattableString.Invariant(
                $"{table.Location}: the changes of version {version} can no longer be read, its commit is gone"))
                : false;
        }

        if (options.StopsAtLatest)
        {
            return true;
        }

        await Task.Delay(options.PollInterval, table.Engine.Time, cancellationToken).ConfigureAwait(false);
        return false;
    }

    private IEnumerable<ChangeSet> Cut(Snapshot read, FileTable files, int index, bool isSnapshot)
    {
        while (index < files.Count)
        {
            FileTable part = new();
            long sizeBytes = 0;
            do
            {
                sizeBytes += files.GetSizeBytes(index);
                part.AppendFrom(files, index++);
            }
            while (index < files.Count && part.Count < options.MaximumFiles &&
                sizeBytes + files.GetSizeBytes(index) <= options.MaximumBytes);
            FollowToken next = index < files.Count
                ? FollowToken.At(read.Id, read.Version, index, isSnapshot)
                : FollowToken.At(read.Id, read.Version + 1, 0, isSnapshot: false);
            yield return new ChangeSet(ChangeFeed.Present(read, read.Version, part), isSnapshot, next);
        }
    }

    private FileTable Collect(Snapshot read, CommitFile commit, long time)
    {
        FileTable files = new();
        HashSet<string> added = Paths<AddFile>(commit, add => add.DataChange);
        HashSet<string> removed = Paths<RemoveFile>(commit, remove => remove.DataChange);
        if (options.AppendsOnly && removed.Count > 0)
        {
            return files;
        }

        bool isRewrite = removed.Except(added).Any() && added.Except(removed).Any();
        if (isRewrite && !read.Properties.ChangeDataFeed && !options.WholeFiles &&
            !commit.Actions.OfType<ChangeFile>().Any())
        {
            throw ChangeErrors.NotRecorded(commit.Version, commit.Version, commit.Version);
        }

        new CommitChanges(commit, table.Store.Root, time).AppendTo(files);
        return files.Seal();
    }

    private HashSet<string> Paths<T>(CommitFile commit, Func<T, bool> counts)
        where T : FileAction => [.. commit.Actions.OfType<T>().Where(counts)
            .Select(action => FilePath.Canonicalize(action.Path, table.Store.Root))];

    /// <summary>The table as of the commit, without its files.</summary>
    private static Snapshot Advance(Snapshot read, CommitFile commit, long time) => new(
        read.Engine,
        read.Locator,
        commit.Version,
        DateTimeOffset.FromUnixTimeMilliseconds(commit.Info?.InCommitTimestamp ?? time),
        read.State with
        {
            Protocol = commit.Actions.OfType<TableProtocol>().LastOrDefault(read.State.Protocol),
            Metadata = commit.Actions.OfType<TableMetadata>().LastOrDefault(read.State.Metadata),
            Files = FileSet.Empty,
        },
        commit.Info);

    private static FileTable AsInserts(Snapshot whole)
    {
        // By path: a token counts files, and the log lists them by the way it was read.
        FileTable files = new();
        foreach (AddFile add in Enumerable.Range(0, whole.FileCount)
            .Select(whole.State.Files.GetAction).OrderBy(add => add.Path, StringComparer.Ordinal))
        {
            files.Append(add with
            {
                PartitionValues = ChangeColumns.Describe(
                    add.PartitionValues, ChangeColumns.Insert, whole.Version, whole.Timestamp.ToUnixTimeMilliseconds()),
            });
        }

        return files.Seal();
    }

    private static QueryException OtherTable(string expected, string found) => new(
        "DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE",
        "55019",
        $"the table has the id {found}, the one that was followed {expected}: it was replaced, follow it anew");
}
