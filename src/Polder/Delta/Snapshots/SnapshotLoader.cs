using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using Polder.Delta.Actions;
using Polder.Delta.Checkpoints;
using Polder.Delta.Log;
using Polder.Storage;

namespace Polder.Delta.Snapshots;

/// <summary>Makes snapshots from the log: LIST on opening, GET of the next commits on refreshing.</summary>
internal sealed class SnapshotLoader(Engine engine, FileLocator files)
{
    private readonly IObjectStore _store = files.Store;

    /// <summary>The newest version.</summary>
    /// <exception cref="TableNotFoundException">The log is empty.</exception>
    /// <exception cref="CorruptLogException">The log is broken.</exception>
    /// <exception cref="UnsupportedFeatureException">The table needs what Polder does not honour.</exception>
    public async ValueTask<Snapshot> LoadLatestAsync(CancellationToken cancellationToken)
    {
        // Only a hint: with it a segment is looked for from there on; whatever fails is tried again over the whole log.
        long? hint = await LastCheckpointHint.LoadAsync(_store, cancellationToken).ConfigureAwait(false);
        if (hint > 0)
        {
            LogListing tail = await LogListing.LoadAsync(_store, hint.Value, cancellationToken).ConfigureAwait(false);
            LogSegment? segment = LogSegment.FindAll(tail, null, out _).FirstOrDefault();
            if (segment is not null)
            {
                try
                {
                    return await LoadAsync(tail, segment, cancellationToken).ConfigureAwait(false);
                }
                catch (BrokenCheckpointException)
                {
                }
            }
        }

        return await LoadFromWholeLogAsync(null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One version.</summary>
    /// <exception cref="VersionNotFoundException">The log cannot reconstruct it.</exception>
    public ValueTask<Snapshot> LoadAsync(long version, CancellationToken cancellationToken) =>
        LoadFromWholeLogAsync(version, cancellationToken);

    /// <summary>
    /// The newest version, given an older one: <paramref name="known"/> itself where nothing is newer. A log that was
    /// replaced in the meantime is loaded afresh.
    /// </summary>
    public async ValueTask<Snapshot> RefreshAsync(Snapshot known, CancellationToken cancellationToken)
    {
        StoreObject? head = await _store
            .HeadAsync(LogPath.ForCommit(known.Version), cancellationToken).ConfigureAwait(false);
        if (head is not StoreObject commit || commit.LastModified != known.FileTime)
        {
            return await LoadLatestAsync(cancellationToken).ConfigureAwait(false);
        }

        List<CommitFile> newer = [];
        while (await CommitFile
            .LoadAsync(engine, _store, known.Version + newer.Count + 1, cancellationToken)
            .ConfigureAwait(false) is CommitFile next)
        {
            newer.Add(next);
        }

        return newer.Count == 0
            ? known
            : await AdvanceAsync(known, newer, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Snapshot> AdvanceAsync(
        Snapshot known, List<CommitFile> newer, CancellationToken cancellationToken)
    {
        LogReplay replay = new(_store.Root, known.State);
        foreach (CommitFile commit in newer)
        {
            replay.ApplyCommit(commit);
        }

        long version = newer[^1].Version;
        StoreObject? head = await _store
            .HeadAsync(LogPath.ForCommit(version), cancellationToken).ConfigureAwait(false);
        DateTimeOffset fileTime = head?.LastModified ?? known.FileTime;
        DateTimeOffset next = known.Timestamp.AddMilliseconds(newer.Count);
        return known.Advance(
            version,
            fileTime > next ? fileTime : next,
            replay.Finish(FindExpiry(known)),
            newer[^1].Info,
            fileTime);
    }

    /// <summary>PROTOCOL: removes that are older may be dropped from checkpoints.</summary>
    private long FindExpiry(Snapshot known) =>
        (engine.Time.GetUtcNow() - known.Properties.DeletedFileRetention).ToUnixTimeMilliseconds();

    private async ValueTask<Snapshot> LoadFromWholeLogAsync(long? version, CancellationToken cancellationToken)
    {
        LogListing listing = await LogListing.LoadAsync(_store, 0, cancellationToken).ConfigureAwait(false);
        if (listing.IsEmpty)
        {
            throw new TableNotFoundException(_store.Root);
        }

        List<LogSegment> segments = LogSegment.FindAll(listing, version, out string gap);
        if (segments.Count == 0)
        {
            throw version is null
                ? new CorruptLogException(gap, $"{_store.Root}/{LogPath.Folder}")
                : new VersionNotFoundException($"{_store.Root} cannot be read at that version: {gap}");
        }

        ExceptionDispatchInfo? first = null;
        foreach (LogSegment segment in segments)
        {
            try
            {
                return await LoadAsync(listing, segment, cancellationToken).ConfigureAwait(false);
            }
            catch (BrokenCheckpointException broken)
            {
                first ??= ExceptionDispatchInfo.Capture(broken.InnerException!);
            }
        }

        first!.Throw();
        return null!;
    }

    private async ValueTask<Snapshot> LoadAsync(
        LogListing listing, LogSegment segment, CancellationToken cancellationToken)
    {
        IReadOnlyList<LogPath> pieces = segment.Shorten(listing.Compactions);
        if (pieces.Count < segment.Commits.Count)
        {
            try
            {
                return await LoadAsync(listing, segment, pieces, cancellationToken).ConfigureAwait(false);
            }
            catch (CorruptLogException)
            {
                // A compaction may be broken; what it compacts is there too.
            }
        }

        return await LoadAsync(listing, segment, segment.Commits, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Snapshot> LoadAsync(
        LogListing listing, LogSegment segment, IReadOnlyList<LogPath> pieces, CancellationToken cancellationToken)
    {
        LogReplay replay = new(_store.Root);
        if (segment.Checkpoint is CheckpointFiles checkpoint)
        {
            // A file that cannot be read may be replaced by another; one that says something wrong may not.
            try
            {
                await new CheckpointReader(engine, _store)
                    .ReadAsync(checkpoint, replay, cancellationToken).ConfigureAwait(false);
            }
            catch (CorruptFileException exception) when (exception is not CorruptLogException)
            {
                throw new BrokenCheckpointException(exception);
            }
        }

        CommitInfo? info = null;
        int read = 0;
        await foreach (CommitFile commit in CommitStream
            .ReadAsync(
                engine, _store, pieces.Select(piece => (piece.LastVersion, piece.Object.Path)), cancellationToken)
            .ConfigureAwait(false))
        {
            if (pieces[read++].Kind == LogFileKind.Compaction)
            {
                replay.ApplyCompaction(commit);
            }
            else
            {
                replay.ApplyCommit(commit);
            }

            info = commit.Version == segment.Version ? commit.Info : null;
        }

        (DateTimeOffset time, DateTimeOffset fileTime) = FindTimes(listing, segment);
        Snapshot snapshot = new(engine, files, segment.Version, time, replay.Finish(), info, fileTime);
        if (listing.Checksums.Contains(segment.Version))
        {
            await VersionChecksum.VerifyAsync(snapshot, cancellationToken).ConfigureAwait(false);
        }

        return snapshot;
    }

    /// <summary>When the version was committed, and when its file was written.</summary>
    private static (DateTimeOffset Time, DateTimeOffset FileTime) FindTimes(LogListing listing, LogSegment segment)
    {
        long[] times = TimeTravel.GetFileTimes(listing.Commits);
        for (int index = times.Length - 1; index >= 0; index--)
        {
            LogPath commit = listing.Commits[index];
            if (commit.Version == segment.Version)
            {
                DateTimeOffset raised = DateTimeOffset.FromUnixTimeMilliseconds(times[index]);
                DateTimeOffset written = commit.Object.LastModified;
                return (raised > written ? raised : written, written);
            }
        }

        DateTimeOffset checkpointed = segment.Checkpoint!.Parts[0].Object.LastModified;
        return (checkpointed, checkpointed);
    }

    /// <summary>The checkpoint of a segment cannot be used; another segment may do.</summary>
    private sealed class BrokenCheckpointException(CorruptFileException cause)
        : Exception("a checkpoint cannot be read", cause);
}
