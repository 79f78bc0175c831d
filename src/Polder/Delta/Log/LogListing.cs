using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Polder.Storage;

namespace Polder.Delta.Log;

/// <summary>The files of one checkpoint, all parts present. Either one file, or the parts in order.</summary>
internal sealed record CheckpointFiles(long Version, IReadOnlyList<LogPath> Parts)
{
    public LogFileKind Kind => Parts[0].Kind;
}

/// <summary>
/// What a LIST of the log found, strangers and duplicates left out: commits and complete checkpoints, each by
/// ascending version.
/// </summary>
internal sealed class LogListing
{
    private LogListing(
        IReadOnlyList<LogPath> commits, IReadOnlyList<CheckpointFiles> checkpoints, IReadOnlyList<LogPath> others)
    {
        Commits = commits;
        Checkpoints = checkpoints;
        Compactions = [.. others.Where(path => path.Kind == LogFileKind.Compaction)];
        Checksums = others.Where(path => path.Kind == LogFileKind.Checksum).Select(path => path.Version).ToHashSet();
    }

    /// <summary>PROTOCOL "Log Compaction Files": what may be read in place of several commits.</summary>
    public IReadOnlyList<LogPath> Compactions { get; }

    /// <summary>The versions that have a checksum file.</summary>
    public IReadOnlySet<long> Checksums { get; }

    public IReadOnlyList<LogPath> Commits { get; }

    public IReadOnlyList<CheckpointFiles> Checkpoints { get; }

    public bool IsEmpty => Commits.Count == 0 && Checkpoints.Count == 0;

    /// <summary>Lists the log from <paramref name="fromVersion"/> on.</summary>
    public static async ValueTask<LogListing> LoadAsync(
        IObjectStore store, long fromVersion, CancellationToken cancellationToken)
    {
        SortedDictionary<long, LogPath> commits = [];
        List<LogPath> checkpoints = [], others = [];
        StorePath? startAfter = fromVersion > 0 ? LogPath.Before(fromVersion) : null;
        await foreach (StoreObject found in store
            .ListAsync(new StorePath(LogPath.Folder + "/"), startAfter, cancellationToken).ConfigureAwait(false))
        {
            if (!LogPath.TryParse(found, out LogPath? path))
            {
                continue;
            }

            if (path.Kind == LogFileKind.Commit)
            {
                commits[path.Version] = path;
            }
            else if (path.Kind is LogFileKind.Compaction or LogFileKind.Checksum)
            {
                others.Add(path);
            }
            else if (found.SizeBytes > 0)
            {
                checkpoints.Add(path);
            }
        }

        return new LogListing([.. commits.Values], FindComplete(checkpoints), others);
    }

    /// <summary>
    /// PROTOCOL "Checkpoints": a multi-part checkpoint with a missing part must be ignored. Where one version has
    /// several, the classic one comes last and is tried first, then UUID-named, then multi-part.
    /// </summary>
    private static List<CheckpointFiles> FindComplete(List<LogPath> found)
    {
        List<CheckpointFiles> complete = [];
        foreach (IGrouping<(long Version, LogFileKind Kind, int PartCount, string Name), LogPath> group in found
            .GroupBy(path => (
                path.Version,
                path.Kind,
                path.PartCount,
                path.Kind == LogFileKind.UuidCheckpoint ? path.Object.Path.Name : "")))
        {
            List<LogPath> parts = [.. group.DistinctBy(path => path.Part).OrderBy(path => path.Part)];
            if (parts.Count == group.Key.PartCount)
            {
                complete.Add(new CheckpointFiles(group.Key.Version, parts));
            }
        }

        return [.. complete.OrderBy(files => files.Version).ThenBy(files => Preference(files.Kind))];
    }

    private static int Preference(LogFileKind kind) => kind switch
    {
        LogFileKind.ClassicCheckpoint => 2,
        LogFileKind.UuidCheckpoint => 1,
        _ => 0,
    };
}
